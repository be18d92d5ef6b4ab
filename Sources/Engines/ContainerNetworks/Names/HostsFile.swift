// SPDX-License-Identifier: Apache-2.0

/// What `/etc/hosts` of a container says (NETWORKS-8).
public enum HostsFile {
    /// The file.
    ///
    /// - Parameters:
    ///   - own: The container's addresses; without any its name leads to itself.
    ///   - hostname: Its name.
    ///   - more: Further addresses and names.
    public static func text(
        own: [IPAddress], hostname: String, more: [(address: IPAddress, name: String)] = []
    ) -> String {
        var lines = [
            "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback",
            "fe00::0\tip6-localnet", "ff00::0\tip6-mcastprefix", "ff02::1\tip6-allnodes",
            "ff02::2\tip6-allrouters",
        ]
        lines += more.map { "\($0.address)\t\($0.name)" }
        lines += own.isEmpty ? ["127.0.1.1\t\(hostname)"] : own.map { "\($0)\t\(hostname)" }
        return lines.map { $0 + "\n" }.joined()
    }
}
