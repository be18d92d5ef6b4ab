// SPDX-License-Identifier: Apache-2.0
import Vocabulary
import VolumeSnapshots

extension FuzzTarget {
    /// What a snapshot is made of (SNAPSHOT-8).
    static let snapshots = [
        FuzzTarget(
            "snapshot",
            of: [
                FuzzTarget("entry", SnapshotEntry.self, samples: { snapshotEntries }),
                FuzzTarget("record", SnapshotRecord.self, samples: { snapshotRecords }),
                FuzzTarget("reference", ContentReference.self, samples: { [.empty] }),
            ])
    ]

    /// A file of three bytes in one run; a link; a device.
    private static let snapshotEntries: [SnapshotEntry] = [
        """
        016100 0300000000000000 01 0000000000000000 0300000000000000 0300000000000000 00 01
        abababababababababababababababababababababababababababababababab
        0700000000000000 0500000000000000 01000000
        """,
        "016202042f657463", "01630501 01000000 03000000",
    ].compactMap { snapshotValue($0 + entryFacts) }

    private static let snapshotRecords: [SnapshotRecord] = [
        "01 0102030405060708 012e01 0000000000000000 0000 \(entryFacts) "
            + "0100000000000000 0200000000000000"
    ].compactMap { snapshotValue($0) }

    /// Mode 644, owner and group 1, a time, one attribute.
    private static let entryFacts =
        "a4010000 01000000 01000000 0600000000000000 02000000 01 06757365722e61 0101"

    private static func snapshotValue<Value: CanonicalCodable>(_ digits: String) -> Value? {
        Hexadecimal.decode(digits.filter { !$0.isWhitespace }).flatMap {
            try? Value(canonicalBytes: $0)
        }
    }
}
