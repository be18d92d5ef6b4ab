// SPDX-License-Identifier: Apache-2.0
import CSeccomp
import CShims
import Glibc

/// Turns a profile into the program that the kernel runs at every system call (RUNTIME-14).
///
/// libseccomp knows the numbers of the calls on every architecture and orders them as a tree, so
/// that a call is judged after a dozen comparisons and not after hundreds.
struct SeccompCompiler: ~Copyable {
    private let context: scmp_filter_ctx
    private let profile: SeccompConfiguration

    /// - Returns: Instructions of 8 bytes each.
    static func compile(_ profile: SeccompConfiguration) throws(RuntimeFailure) -> [UInt8] {
        let compiler = try SeccompCompiler(profile)
        try compiler.addArchitectures()
        for (index, rule) in profile.rules.enumerated() { try compiler.add(rule, index) }
        return try compiler.export()
    }

    private init(_ profile: SeccompConfiguration) throws(RuntimeFailure) {
        let action = Self.number(profile.defaultAction, profile.defaultErrno)
        guard let context = seccomp_init(action) else {
            throw .field("linux.seccomp.defaultAction", "is not known to libseccomp")
        }
        self.context = context
        self.profile = profile
        _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_NNP, 0)
        _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
    }

    deinit { seccomp_release(context) }

    private borrowing func addArchitectures() throws(RuntimeFailure) {
        for name in profile.architectures {
            let short = name.hasPrefix("SCMP_ARCH_") ? String(name.dropFirst(10)) : name
            let token = seccomp_arch_resolve_name(short.lowercased())
            guard token != 0 else {
                throw .field("linux.seccomp.architectures", "\"\(name)\" is unknown")
            }
            let result = seccomp_arch_add(context, token)
            guard result == 0 || result == -EEXIST else {
                throw .kernel("add the architecture \(name)", -result)
            }
        }
    }

    private borrowing func add(
        _ rule: SeccompConfiguration.Rule, _ index: Int
    ) throws(RuntimeFailure) {
        let action = Self.number(rule.action, rule.errno)
        if action == Self.number(profile.defaultAction, profile.defaultErrno) { return }
        let sets = Self.conditions(rule.arguments)
        for name in rule.names {
            let call = seccomp_syscall_resolve_name(name)
            // What this libseccomp does not know falls to the default action.
            if call == -1 { continue }
            for conditions in sets {
                let result = seccomp_rule_add_array(
                    context, action, call, UInt32(conditions.count), conditions)
                guard result == 0 || result == -EEXIST else {
                    throw .field("linux.seccomp.syscalls[\(index)]", "\(name): \(-result)")
                }
            }
        }
    }

    /// Conditions that must all hold; where one argument is compared twice, each alone is enough,
    /// since libseccomp takes an argument once in a rule.
    private static func conditions(
        _ arguments: [SeccompConfiguration.Argument]
    ) -> [[scmp_arg_cmp]] {
        let all = arguments.map { argument in
            scmp_arg_cmp(
                arg: argument.index, op: comparison(argument.comparison), datum_a: argument.value,
                datum_b: argument.valueTwo)
        }
        let isRepeated = Set(arguments.map(\.index)).count < arguments.count
        return isRepeated ? all.map { [$0] } : [all]
    }

    private static func comparison(_ kind: SeccompConfiguration.Comparison) -> scmp_compare {
        switch kind {
        case .notEqual: SCMP_CMP_NE
        case .less: SCMP_CMP_LT
        case .lessOrEqual: SCMP_CMP_LE
        case .equal: SCMP_CMP_EQ
        case .greaterOrEqual: SCMP_CMP_GE
        case .greater: SCMP_CMP_GT
        case .maskedEqual: SCMP_CMP_MASKED_EQ
        }
    }

    /// SECCOMP_RET_* of linux/seccomp.h; an error without a number is EPERM.
    private static func number(_ action: SeccompConfiguration.Action, _ errno: UInt16?) -> UInt32 {
        let data = UInt32(errno ?? UInt16(EPERM))
        return switch action {
        case .kill, .killThread: 0
        case .killProcess: 0x8000_0000
        case .trap: 0x0003_0000
        case .refuse: 0x0005_0000 | data
        case .trace: 0x7FF0_0000 | data
        case .notify: 0x7FC0_0000
        case .log: 0x7FFC_0000
        case .allow: 0x7FFF_0000
        }
    }

    private borrowing func export() throws(RuntimeFailure) -> [UInt8] {
        let file = OpenFile(try asking("memfd_create") { atoll_memory_file("seccomp") })
        let result = seccomp_export_bpf(context, file.number)
        guard result == 0 else { throw .kernel("export the seccomp program", -result) }
        lseek(file.number, 0, SEEK_SET)
        return try file.readAll(bytesMax: SeccompProgram.bytesMax)
    }
}
