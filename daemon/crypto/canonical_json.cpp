// canonical_json
