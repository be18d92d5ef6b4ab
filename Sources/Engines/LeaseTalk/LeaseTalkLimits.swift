// SPDX-License-Identifier: Apache-2.0

/// The bounds of what parties of a lease say to each other.
public enum LeaseTalkLimits {
    /// The most bytes of a question: a manifest of 1 MiB and 64 secrets of 64 KiB are 5 MiB, and
    /// twice as many credentials of 1 KiB are small beside them.
    public static let questionBytesMax = 6 << 20
    /// The most bytes of an answer: 16 chunks of 256 KiB, or output.
    public static let answerBytesMax = 5 << 20
    /// The most bytes of a manifest.
    public static let manifestBytesMax = 1 << 20
    /// The most bytes of secrets and credentials.
    public static let secretsBytesMax = 5 << 20
    /// The most chunks of one question.
    public static let chunksMax = 16
    /// The most bytes of one chunk.
    public static let chunkBytesMax = 288 << 10
    /// The most bytes of output in one answer.
    public static let outputBytesMax = 1 << 20
    /// The most words of a command, and the most bytes of all that a command is told.
    public static let wordsMax = 256
    /// The most bytes of one word, a name or a reason.
    public static let wordBytesMax = 4 << 10
    /// The most bytes of input of a command.
    public static let inputBytesMax = 64 << 10
    /// The most copies of a lease, volumes, and ports of a copy: as a manifest's (DEPLOY-3).
    public static let copiesMax = 16_384
    /// The most volumes.
    public static let volumesMax = 64
    /// The most ports of one copy.
    public static let portsMax = 1_024
    /// How far the clocks of two parties may be apart, in milliseconds: one minute.
    public static let clockMilliseconds: UInt64 = 60_000
    /// The most questions remembered against repetition: two minutes at a thousand a second.
    public static let rememberedMax = 120_000
}
