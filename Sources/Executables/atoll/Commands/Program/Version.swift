// SPDX-License-Identifier: Apache-2.0
import JSONText

/// `atoll version`.
enum Version {
    /// The release.
    static let text = "0.1.0"

    static let command = CommandSpec(
        path: ["version"], summary: "say which release this is",
        example: "atoll version", hasOutputFormat: true,
        run: { invocation, _ in
            let value: JSON = ["version": JSON(text)]
            ResultText.write(value, as: invocation.format) { "atoll \(text)\n" }
            return 0
        })
}
