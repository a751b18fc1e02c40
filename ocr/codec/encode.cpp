#include "ocr/codec/encode.h"
