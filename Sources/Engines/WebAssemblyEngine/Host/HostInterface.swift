// SPDX-License-Identifier: Apache-2.0

/// Every function of WASI preview 1, by name (EXECUTION-WASM-4).
enum HostInterface {
    /// The module under which programs import the functions.
    static let moduleName = "wasi_snapshot_preview1"

    /// The functions; held for the life of the process, since the library keeps pointers to them.
    static let functions: [String: HostFunction] = {
        let groups = [process, clocks, descriptors, reading, paths, refused]
        return groups.reduce(into: [:]) { all, group in
            all.merge(group) { first, _ in first }
        }
    }()
}
