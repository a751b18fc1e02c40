#pragma once

#include "drivers/scanner/scanner.h"

namespace mailroom::drivers {

/// True when the side ends in rows that hold one and the same value of neither black nor white, over more
/// than eight millimetres, while the rows before are a picture. Decoders fill up what is missing of a
/// truncated JPEG that way and report success; no paper looks like it. Grey and colour only. Reentrant.
bool ends_in_filling(const ScannedSide& side);

}  // namespace mailroom::drivers
