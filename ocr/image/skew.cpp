#include "ocr/image/skew.h"
