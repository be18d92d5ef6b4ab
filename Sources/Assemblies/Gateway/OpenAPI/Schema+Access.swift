// SPDX-License-Identifier: Apache-2.0
import JSONText

extension Schema {
    /// Keys, teams, sessions and the log of changes.
    static var access: [(name: String, schema: JSON)] {
        [
            ("AccessKey", accessKey), ("AccessKeyList", object([("keys", list(accessKey))])),
            ("AccessKeyText", accessKeyText), ("AccessKeyWish", accessKeyWish),
            (
                "AccessRotation",
                object([
                    (
                        "graceSeconds?",
                        [
                            "type": "integer", "minimum": 0,
                            "maximum": JSON(AccessBook.graceSecondsMax),
                        ]
                    )
                ])
            ),
            ("AccessTeam", accessTeam), ("AccessTeamList", object([("teams", list(accessTeam))])),
            (
                "AccessTeamWish",
                object([
                    ("members", list(digest, max: AccessTeam.membersMax)), ("budget?", amount),
                ])
            ),
            (
                "Challenge",
                object([
                    ("nonce", text), ("text", text), ("signedBytes", text), ("expires", time),
                ])
            ),
            ("Session", object([("token", text), ("account", digest), ("expires", time)])),
            ("Ticket", object([("ticket", text), ("expires", time)])),
            ("AuditPage", auditPage),
        ]
    }

    /// A name of a key or a team.
    static let accessName: JSON = [
        "type": "string", "pattern": "^[A-Za-z0-9 ._-]{1,64}$",
    ]

    private static func list(_ items: JSON, max: Int) -> JSON {
        ["type": "array", "items": items, "maxItems": JSON(max)]
    }

    private static var scopes: JSON {
        [
            "type": "array", "items": word(AccessScope.allCases.map(\.rawValue)), "minItems": 1,
            "maxItems": JSON(AccessScope.allCases.count),
        ]
    }

    private static var accessKeyMembers: [(String, JSON)] {
        [
            ("id", text), ("name", accessName), ("account?", digest), ("team?", accessName),
            ("scopes", scopes), ("requestsPerMinute?", count), ("unitsPerMinute?", amount),
            ("budget?", amount),
            ("spent", amount), ("created", time), ("expires?", time), ("revoked?", time),
            ("previousUntil?", time),
        ]
    }

    private static var accessKey: JSON { object(accessKeyMembers) }
    private static var accessKeyText: JSON { object(accessKeyMembers + [("text", text)]) }

    private static var accessKeyWish: JSON {
        object([
            ("name", accessName), ("scopes", scopes), ("team?", accessName),
            (
                "requestsPerMinute?",
                [
                    "type": "integer", "minimum": 1,
                    "maximum": JSON(MinuteBucket.requestsMax),
                ]
            ),
            ("unitsPerMinute?", ["type": "string", "pattern": "^[1-9][0-9]{0,32}$"]),
            ("budget?", amount), ("expires?", time),
        ])
    }

    private static var accessTeam: JSON {
        object([
            ("name", accessName), ("members", list(digest)), ("budget?", amount),
            ("spent", amount),
        ])
    }

    private static var auditPage: JSON {
        let record = object([
            ("number", count), ("time", time), ("principal", text), ("action", text),
            ("subject", text), ("status", count), ("request", text), ("previous", digest),
            ("hash", digest),
        ])
        return object([("records", list(record)), ("count", count), ("head", digest)])
    }
}
