// SPDX-License-Identifier: Apache-2.0
public import Identity

/// Where a provider finds what its owner lets its machine do (PROVIDER-11).
///
/// All files lie below the node's folder and are read anew at each decision, so an owner changes
/// its mind by replacing one.
public struct MachineAuthority: Sendable {
    /// How a machine knows its place.
    public enum Position: Hashable, Sendable {
        /// It stays where it is.
        case fixed(Place)
        /// A file that a receiver writes: the last whole sentence of NMEA 0183 (`RMC`), or one JSON
        /// object. A report older than so many seconds says nothing.
        case file(String, secondsMax: Int64)
    }

    /// How old a report of the place may be unless said otherwise: a machine at 30 m/s is then at
    /// most 300 m from where it was.
    public static let positionSecondsUsual: Int64 = 10
    /// How often running work is compared with what is allowed, in milliseconds.
    public static let watchMilliseconds: UInt64 = 1_000
    /// The most bytes of a credential, a document or a list.
    public static let fileBytesMax = CanonicalJSON.documentBytesMax
    /// The most bytes of a file of positions: some hundred sentences.
    public static let positionBytesMax = 65_536
    /// The most lists and the most documents: one for each purpose of a few issuers.
    public static let filesMax = 16

    /// The file of the credential of the type `OwnerAuthorization`.
    public var credential: String
    /// Whose word counts.
    public var owners: Set<DID>
    /// Files of documents of DIDs that do not follow from their names and have no log on the
    /// ledger; those that have one the machine's node reads itself.
    public var documents: [String]
    /// Files of credentials of status lists.
    public var statusLists: [String]
    /// Where the machine is, if that is known.
    public var position: Position?

    /// Names the files.
    public init(
        credential: String, owners: Set<DID>, documents: [String] = [], statusLists: [String] = [],
        position: Position? = nil
    ) {
        self.credential = credential
        self.owners = owners
        self.documents = documents
        self.statusLists = statusLists
        self.position = position
    }
}

/// Why a machine does not do a task.
public enum AuthorityRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file that decides cannot be read.
    case unreadable(String)
    /// The owner's credential does not hold.
    case rejected(Rejection)
    /// The credential is about another machine.
    case otherMachine
    /// The owner does not allow this task.
    case notAllowed(TaskRefusal)
    /// The order names an operation or a place in a form that is not understood.
    case unclearTask

    /// The reason in words.
    public var description: String {
        switch self {
        case .unreadable(let file): "\(file) cannot be read"
        case .rejected(let rejection): "the owner's authorization does not hold: \(rejection)"
        case .otherMachine: "the owner's authorization is about another machine"
        case .unclearTask: "the order names its operation or place in no form that is understood"
        case .notAllowed(let refusal):
            switch refusal {
            case .operationNotAllowed: "the owner does not allow this operation"
            case .valueTooHigh: "the contract is worth more than the owner allows"
            case .outsideGeofence: "outside the area the owner allows"
            case .placeUnknown: "the owner allows an area, and the place is not known"
            case .outsideHours: "outside the hours the owner allows"
            case .overBudget: "the budget does not reach"
            }
        }
    }
}
