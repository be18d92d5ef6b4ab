// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText

/// Who a program runs as: `user`, `user:group`, each a name of the container's own files or a
/// number.
struct UserLookup {
    /// Lines of `/etc/passwd`.
    let users: String
    /// Lines of `/etc/group`.
    let groups: String

    /// The most bytes of either file that are read.
    static let fileBytesMax = 1 << 20

    /// The specification's `user`.
    ///
    /// - Parameter also: Groups that it is in besides.
    func user(_ text: String, also: [String] = []) throws(EngineFailure) -> JSON {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let entry = entry(name, in: users)
        guard name.isEmpty || entry != nil || UInt32(name) != nil else {
            throw EngineFailure(
                .badRequest, "unable to find user \(name): no matching entries in passwd file")
        }
        let user = entry.flatMap { $0.count > 2 ? UInt32($0[2]) : nil } ?? UInt32(name) ?? 0
        var group = entry.flatMap { $0.count > 3 ? UInt32($0[3]) : nil } ?? 0
        if parts.count == 2 {
            group = try number(ofGroup: String(parts[1]))
        }
        var further = memberships(entry?.first ?? name)
        for wanted in also { further.append(try number(ofGroup: wanted)) }
        return [
            "uid": JSON(user), "gid": JSON(group),
            "additionalGids": .array(further.map { JSON($0) }),
        ]
    }

    private func number(ofGroup wanted: String) throws(EngineFailure) -> UInt32 {
        let found = entry(wanted, in: groups).flatMap { $0.count > 2 ? UInt32($0[2]) : nil }
        guard let number = found ?? UInt32(wanted) else {
            throw EngineFailure(
                .badRequest, "unable to find group \(wanted): no matching entries in group file")
        }
        return number
    }

    /// The fields of the line that begins with a name, or has it as its number.
    private func entry(_ name: String, in file: String) -> [String]? {
        guard !name.isEmpty else { return nil }
        let lines = file.split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.first { $0.first == name } ?? lines.first { $0.count > 2 && $0[2] == name }
    }

    private func memberships(_ name: String) -> [UInt32] {
        groups.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count > 3, fields[3].split(separator: ",").contains(Substring(name)) else {
                return nil
            }
            return UInt32(fields[2])
        }
    }
}
