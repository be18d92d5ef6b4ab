// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdbool.h>

/// Whether the processor has the instructions of LANES_TARGET and the system keeps their registers.
bool lanes_processor_suffices(void);
