// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// What the index tells.
    static var index: [(name: String, schema: JSON)] {
        let item = object([
            ("kind", word(IndexRecord.Kind.allCases.map(\.rawValue))), ("id", text),
            ("data", ["type": "object"]),
        ])
        return [
            ("IndexPage", object([("items", list(item)), ("next?", text)])),
            (
                "IndexStanding",
                object([
                    ("database", text), ("height", count), ("lag", count), ("rows", count),
                    ("missedBlocks", count), ("counts", ["type": "object"]),
                ])
            ),
        ]
    }
}
