// SPDX-License-Identifier: Apache-2.0

/// Leads what a container asks of 127.0.0.11 to the ports where names are answered, so that the
/// container's own port 53 stays its own (NETWORKS-7).
public enum NameRules {
    /// Where a container asks for names.
    public static let address = "127.0.0.11"

    /// The transaction, for the container's namespace.
    public static func text(datagrams: UInt16, streams: UInt16) -> String {
        """
        add table ip atoll_names
        delete table ip atoll_names
        table ip atoll_names {
          chain output {
            type nat hook output priority -100; policy accept;
            ip daddr \(address) udp dport 53 dnat to \(address):\(datagrams)
            ip daddr \(address) tcp dport 53 dnat to \(address):\(streams)
          }
        }

        """
    }
}
