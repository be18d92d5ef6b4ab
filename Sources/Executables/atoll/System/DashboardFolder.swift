// SPDX-License-Identifier: Apache-2.0
import Gateway
import NodeAssembly

/// Where the built dashboard lies: beside the program, where an installation puts it, or in the
/// build folder of a checkout.
enum DashboardFolder {
    /// Relative to the folder of the program, the first that has a page wins.
    private static let places = ["dashboard", "../share/atoll/dashboard", "../../dashboard"]

    /// The dashboard, or nothing when `make web` was not run; the log says which.
    static func find(_ shell: Shell, _ log: NodeLog) async -> Dashboard? {
        let program = Surroundings.executable.split(separator: "/").dropLast()
        for place in places {
            let folder = Surroundings.absolute("/\(program.joined(separator: "/"))/\(place)")
            guard await shell.exists("\(folder)/index.html") else { continue }
            guard let dashboard = await read(folder, shell) else {
                log(.warning, "\(folder) is no dashboard that can be served")
                continue
            }
            log(.info, "dashboard of \(folder)")
            return dashboard
        }
        log(.info, "no dashboard beside the program; `make web` builds it")
        return nil
    }

    private static func read(_ folder: String, _ shell: Shell) async -> Dashboard? {
        guard let names = await shell.names(in: folder),
            names.count <= Dashboard.filesMax
        else { return nil }
        var files: [(name: String, bytes: [UInt8])] = []
        for name in names.sorted() {
            let path = "\(folder)/\(name)"
            guard let bytes = try? await shell.read(path, limit: Dashboard.bytesMax) else {
                return nil
            }
            files.append((name, bytes))
        }
        return Dashboard(files: files)
    }
}
