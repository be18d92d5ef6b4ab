// SPDX-License-Identifier: Apache-2.0
// Compiles the declarations once, so that their assertions are checked without any Swift.
#include "CWasmtime.h"
