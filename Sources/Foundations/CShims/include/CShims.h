// SPDX-License-Identifier: Apache-2.0
// The only C of Atoll's own: system calls that Glibc's Swift module does not carry. No logic here.
#pragma once
