// SPDX-License-Identifier: Apache-2.0

/// What a WASI function answers; the numbers are those of WASI preview 1's `errno`.
enum Errno: UInt16, Error {
    case success = 0
    case badDescriptor = 8
    case exists = 20
    case fault = 21
    case invalid = 28
    case isFolder = 31
    case tooManyOpen = 33
    case nameTooLong = 37
    case noEntry = 44
    case notOffered = 52
    case notFolder = 54
    case notSupported = 58
    case overflow = 61
    case readOnly = 69
    case cannotSeek = 70
    case notCapable = 76
}

/// Why a host function does not simply answer success.
enum HostInterrupt: Error {
    /// The program is told.
    case refused(Errno)
    /// The program ends here.
    case ended(RunOutcome)
}
