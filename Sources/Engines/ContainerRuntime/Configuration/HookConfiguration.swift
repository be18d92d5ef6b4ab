// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Programs that are run at moments of a container's life.
struct HookConfiguration: Sendable {
    /// In the order in which they come: the first three in the machine's namespaces or the
    /// container's as their names say (RUNTIME-18).
    enum Moment: String, CaseIterable, Sendable {
        case prestart, createRuntime, createContainer, startContainer, poststart, poststop
    }

    /// One program.
    struct Hook: Hashable, Sendable {
        let path: String
        /// The first is the program's own name.
        let arguments: [String]
        let environment: [String]
        /// Nil: as long as it takes.
        let timeoutSeconds: Int64?
    }

    private var hooks: [Moment: [Hook]] = [:]
    /// Those of the container's later life as they were written, to be remembered till then.
    let afterwards: JSON

    subscript(_ moment: Moment) -> [Hook] { hooks[moment] ?? [] }

    init(_ field: ConfigurationField?) throws(RuntimeFailure) {
        guard let field else {
            afterwards = .object([])
            return
        }
        try field.isObject()
        afterwards = .object(
            (field.value.members ?? []).filter {
                $0.name == Moment.poststart.rawValue || $0.name == Moment.poststop.rawValue
            })
        for moment in Moment.allCases {
            var list: [Hook] = []
            for element in try field[moment.rawValue]?.list(max: RuntimeLimits.smallListMax) ?? [] {
                list.append(try Hook(element))
            }
            if !list.isEmpty { hooks[moment] = list }
        }
    }
}

extension HookConfiguration.Hook {
    init(_ field: ConfigurationField) throws(RuntimeFailure) {
        path = try field.needed("path").absolutePath()
        let given = try field["args"]?.texts() ?? []
        arguments = given.isEmpty ? [path] : given
        environment = try field["env"]?.texts() ?? []
        timeoutSeconds = try field["timeout"]?.integer(1...Int64(Int32.max))
    }
}
