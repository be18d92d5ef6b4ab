// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Glibc

/// Feeds what takes bytes from strangers with bytes of strangers (docs/guides/fuzz.md).
@main
enum AtollFuzz {
    private static let usage = """
        usage: atoll-fuzz list
               atoll-fuzz run TARGET SECONDS FOLDER
               atoll-fuzz take TARGET FILE...

        list  names the targets
        run   feeds a target for so many seconds; the corpus and what stops it lie in FOLDER
        take  feeds a target with files, such as one that stopped it

        """

    static func main() {
        // Scripts sign and check the same statements over and over.
        exit(VerdictMemory.$current.withValue(VerdictMemory()) { run(CommandLine.arguments) })
    }

    private static func run(_ words: [String]) -> Int32 {
        switch words.dropFirst().first {
        case "list" where words.count == 2:
            for target in FuzzTarget.all { Terminal.tell(target.name + "\n") }
            return 0
        case "run" where words.count == 5:
            guard let target = FuzzTarget.named(words[2]), let seconds = UInt64(words[3]) else {
                break
            }
            return FuzzDriver.run(target, seconds: seconds, folder: words[4])
        case "take" where words.count > 3:
            guard let target = FuzzTarget.named(words[2]) else { break }
            return take(words.dropFirst(3), target)
        default: break
        }
        Terminal.say(usage)
        return 2
    }

    private static func take(_ files: ArraySlice<String>, _ target: FuzzTarget) -> Int32 {
        for file in files {
            guard let bytes = InputFile.read(file) else {
                Terminal.say("atoll-fuzz: \(file) cannot be read\n")
                return 2
            }
            target.take(bytes)
            Terminal.tell("\(file): taken\n")
        }
        return 0
    }
}
