// SPDX-License-Identifier: Apache-2.0
import JSONText

/// `atoll version`.
enum Version {
    /// The release.
    static let text = "0.1.0"

    static let command = CommandSpec(
        path: ["version"], summary: "say which release this is", hasOutputFormat: true,
        run: { invocation, _ in
            let value: JSON = ["version": JSON(text), "swift": "6.3"]
            switch invocation.format {
            case .table: Terminal.result("atoll \(text)\n")
            case .json: Terminal.result(value.pretty + "\n")
            case .yaml: Terminal.result(YAMLText.write(value))
            }
            return 0
        })
}
