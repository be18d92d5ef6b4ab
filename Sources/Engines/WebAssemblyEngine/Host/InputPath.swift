// SPDX-License-Identifier: Apache-2.0

/// Finds entries by paths that programs give; nothing outside the folder can be named.
enum InputPath {
    /// The most bytes in a path a program gives.
    static let bytesMax: UInt32 = 4_096

    /// The entry that a path names, starting at a folder's entry.
    ///
    /// `..` goes up as far as the starting folder and no further; a path that would go beyond it,
    /// or is absolute, is beyond the program's capabilities (EXECUTION-WASM-4).
    static func find(
        _ path: [UInt8], below start: Int, in input: InputDirectory
    ) throws(HostInterrupt) -> Int {
        guard !path.isEmpty else { throw .refused(.noEntry) }
        guard !path.contains(0) else { throw .refused(.invalid) }
        guard path[0] != UInt8(ascii: "/") else { throw .refused(.notCapable) }
        var entry = start
        var depth = 0
        for name in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            // An empty name is a doubled or a last slash: it asks for a folder, as `.` does.
            guard input.entries[entry].isFolder else { throw .refused(.notFolder) }
            if name.isEmpty || name.elementsEqual(InputEntry.here) { continue }
            if name.elementsEqual(InputEntry.above) {
                guard depth > 0 else { throw .refused(.notCapable) }
                depth -= 1
                entry = input.entries[entry].parent
                continue
            }
            guard let child = child(named: name, of: entry, in: input) else {
                throw .refused(.noEntry)
            }
            depth += 1
            entry = child
        }
        return entry
    }

    /// Finds a name among a folder's ordered entries.
    private static func child(
        named name: ArraySlice<UInt8>, of folder: Int, in input: InputDirectory
    ) -> Int? {
        let children = input.entries[folder].children
        var low = 0
        var high = children.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = input.entries[children[middle]].name
            if candidate.elementsEqual(name) { return children[middle] }
            if candidate.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
