// SPDX-License-Identifier: Apache-2.0

/// Where keys, settings and the local cloud live.
enum HomeFolder {
    /// The absolute path: --home, $ATOLL_HOME, then ~/.atoll.
    static func path(of invocation: Invocation) -> String {
        if let named = invocation.value("home") ?? invocation.environment["ATOLL_HOME"] {
            return Surroundings.absolute(named)
        }
        return Surroundings.absolute((invocation.environment["HOME"] ?? "/root") + "/.atoll")
    }
}
