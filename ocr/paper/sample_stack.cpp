#include "ocr/paper/sample_stack.h"
