#include "ocr/image/only_codes.h"
