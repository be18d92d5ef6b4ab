// SPDX-License-Identifier: Apache-2.0

/// Which system calls a container may make: `linux.seccomp`.
struct SeccompConfiguration: Hashable, Sendable {
    /// What happens to a call.
    enum Action: String, Sendable {
        case kill = "SCMP_ACT_KILL"
        case killProcess = "SCMP_ACT_KILL_PROCESS"
        case killThread = "SCMP_ACT_KILL_THREAD"
        case trap = "SCMP_ACT_TRAP"
        case refuse = "SCMP_ACT_ERRNO"
        case trace = "SCMP_ACT_TRACE"
        case allow = "SCMP_ACT_ALLOW"
        case log = "SCMP_ACT_LOG"
        case notify = "SCMP_ACT_NOTIFY"
    }

    /// How an argument of a call is compared.
    enum Comparison: String, Sendable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// A condition on one argument.
    struct Argument: Hashable, Sendable {
        let index: UInt32
        let value: UInt64
        let valueTwo: UInt64
        let comparison: Comparison
    }

    /// Calls that share an action.
    struct Rule: Hashable, Sendable {
        let names: [String]
        let action: Action
        let errno: UInt16?
        let arguments: [Argument]
    }

    var defaultAction: Action
    var defaultErrno: UInt16?
    /// Such as `SCMP_ARCH_X86_64`.
    var architectures: [String]
    /// Such as `SECCOMP_FILTER_FLAG_LOG`.
    var flags: [String]
    var listenerPath: String?
    var listenerMetadata: String
    var rules: [Rule]

    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        try field.isObject()
        defaultAction = try Self.action(try field.needed("defaultAction"))
        defaultErrno = try field["defaultErrnoRet"].map { number throws(RuntimeFailure) in
            UInt16(try number.integer(0...4095))
        }
        architectures = try field["architectures"]?.texts(max: 64) ?? []
        flags = try field["flags"]?.texts(max: 16) ?? []
        listenerPath = try field["listenerPath"]?.text(bytesMax: 107)
        listenerMetadata = try field["listenerMetadata"]?.text() ?? ""
        rules = []
        for element in try field["syscalls"]?.list(max: RuntimeLimits.seccompRulesMax) ?? [] {
            rules.append(try Rule(element))
        }
        guard defaultAction != .notify else {
            throw field.refused("what nobody named cannot be handed to a listener")
        }
    }

    static func action(_ field: ConfigurationField) throws(RuntimeFailure) -> Action {
        let text = try field.text(bytesMax: 64)
        guard let action = Action(rawValue: text) else {
            throw field.refused("\"\(text)\" is no action")
        }
        return action
    }
}

extension SeccompConfiguration.Rule {
    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        names = try field.needed("names").texts(max: RuntimeLimits.seccompRulesMax)
        guard !names.isEmpty else { throw field.refused("names no call") }
        action = try SeccompConfiguration.action(try field.needed("action"))
        errno = try field["errnoRet"].map { number throws(RuntimeFailure) in
            UInt16(try number.integer(0...4095))
        }
        var conditions: [SeccompConfiguration.Argument] = []
        for element in try field["args"]?.list(max: 6) ?? [] {
            let op = try element.needed("op")
            guard let comparison = SeccompConfiguration.Comparison(rawValue: try op.text()) else {
                throw op.refused("is no comparison")
            }
            conditions.append(
                SeccompConfiguration.Argument(
                    index: UInt32(try element.needed("index").integer(0...5)),
                    value: try element.needed("value").unsigned(),
                    valueTwo: try element["valueTwo"]?.unsigned() ?? 0, comparison: comparison))
        }
        arguments = conditions
    }
}
