// The words of this mailroom, as its configuration has them: classes, departments, profiles, stations.

import { get } from './daemon.js';
import { nameOf, textOf, tOr } from './words.js';

let terms = { classes: [], departments: [], profiles: [], stations: [], channels: [], resolutions: [] };

/** By their German names: what a digit stands for is the same in every language. */
export async function loadTerms() {
  const byName = (a, b) => a.name_de.localeCompare(b.name_de, 'de');
  terms = { ...terms, ...await get('/terms') };
  terms.classes.sort(byName);
  terms.departments.sort(byName);
}

export function allTerms() { return terms; }

const named = (list, id) => nameOf(terms[list].find((entry) => entry.id === id)) || id || '';
/** The classes that a person may give a document. */
export function offeredClasses() { return terms.classes.filter((entry) => entry.offered); }

export function className(id) { return named('classes', id); }
export function departmentName(id) { return named('departments', id); }
export function profileName(id) { return named('profiles', id); }
export function stationName(id) { return named('stations', id); }
export function resolutionText(name) {
  return textOf(terms.resolutions.find((entry) => entry.name === name)) || name;
}
export function resolutionArguments(name) {
  return terms.resolutions.find((entry) => entry.name === name)?.arguments ?? [];
}
export function channelName(id) { return tOr(`channel.${id}`, id); }
export function priorityName(id) { return tOr(`priority.${id}`, id); }
export function stateName(kind, id) { return tOr(`state.${kind}.${id}`, id); }
