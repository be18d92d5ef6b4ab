// SPDX-License-Identifier: Apache-2.0
import JSONText

/// Writes a command's result on standard output in the form that was asked for.
enum ResultText {
    /// The text: columns for people, or one value for programs.
    static func text(of value: JSON, as format: OutputFormat, table: () -> String) -> String {
        switch format {
        case .table: table()
        case .json: value.pretty + "\n"
        case .yaml: YAMLText.write(value)
        }
    }

    /// Writes the text.
    static func write(_ value: JSON, as format: OutputFormat, table: () -> String) {
        Terminal.result(text(of: value, as: format, table: table))
    }
}
