#include "ocr/codec/decode.h"
