#pragma once

#include <map>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/crypto/certificate.h"
#include "drivers/virtual/card/crypto/curve.h"

namespace mailroom::card {

/// Signs the data of cards: a country signing authority and a document signer, with keys of our own. Move-only.
struct CardMaker {
  Identity country_signer;
  Identity document_signer;

  /// `name` goes into the subjects: two makers of one name are told apart by their keys only.
  static CardMaker found(const std::string& name, Timestamp from, Timestamp until);
};

/// The files and keys of one chip.
struct ChipData {
  Bytes card_access;
  Bytes card_security;
  CurveKey chip_key;
  CurveKey pseudonym_key;
};

/// Makes what the maker signs: PACE (ECDH, generic mapping, AES-128), chip authentication version 2, terminal
/// authentication version 2, restricted identification, on brainpoolP256r1. Both files are DER written here.
ChipData make_chip(const CardMaker& maker);

/// `content` as CMS SignedData of the type id-SecurityObject.
Bytes sign_card_security(const CardMaker& maker, ByteView content);

/// Data groups as the eID application holds them, from text: group number to the value's words. Places may be
/// written "street|city|postcode".
Bytes data_group(int number, const std::string& words);

}  // namespace mailroom::card
