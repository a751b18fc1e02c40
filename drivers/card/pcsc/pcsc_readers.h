#pragma once

#include <memory>

#include "drivers/card/card_reader.h"

namespace mailroom::card {

/// The readers that pcscd knows. pcscd may start, end and start again while this lives.
std::unique_ptr<CardReaders> pcsc_readers();

}  // namespace mailroom::card
