// SPDX-License-Identifier: Apache-2.0
import Testing

/// Laws of the whole house, held by real processes on real sockets and disks.
///
/// Clouds share the machine's processors, so one test runs at a time.
@Suite("End to end", .serialized)
enum EndToEnd {}
