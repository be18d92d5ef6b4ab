// SPDX-License-Identifier: Apache-2.0
import Identity
import JSONText
import ProviderAgent

extension MachineAuthority {
    /// The member `authority` of a node's settings.
    var json: JSON {
        var members = [
            JSON.Member("credential", JSON(credential)),
            JSON.Member(
                "owners", .array(owners.map(\.description).sorted().map { JSON($0) })),
        ]
        func add(_ name: String, _ files: [String]) {
            guard !files.isEmpty else { return }
            members.append(JSON.Member(name, .array(files.map { JSON($0) })))
        }
        add("documents", documents)
        add("statusLists", statusLists)
        switch position {
        case nil: break
        case .fixed(let place):
            members.append(
                JSON.Member(
                    "position",
                    ["latitudeE7": JSON(place.latitudeE7), "longitudeE7": JSON(place.longitudeE7)]))
        case .file(let file, let seconds):
            members.append(JSON.Member("positionFile", JSON(file)))
            members.append(JSON.Member("positionSeconds", JSON(seconds)))
        }
        return .object(members)
    }

    /// Reads it; the name of the member that is wrong otherwise.
    init(reading json: JSON) throws(SettingFailure) {
        guard let credential = json["credential"]?.text, !credential.isEmpty else {
            throw SettingFailure(member: "credential")
        }
        let texts = json["owners"]?.elements?.compactMap(\.text) ?? []
        let owners = texts.compactMap { DID($0) }
        guard !owners.isEmpty, owners.count == json["owners"]?.elements?.count else {
            throw SettingFailure(member: "owners")
        }
        self.init(
            credential: credential, owners: Set(owners),
            documents: try Self.files("documents", of: json),
            statusLists: try Self.files("statusLists", of: json),
            position: try Self.position(of: json))
    }

    private static func files(_ name: String, of json: JSON) throws(SettingFailure) -> [String] {
        guard let list = json[name] else { return [] }
        let files = list.elements?.compactMap(\.text) ?? []
        guard files.count == list.elements?.count, files.count <= filesMax else {
            throw SettingFailure(member: name)
        }
        return files
    }

    private static func position(of json: JSON) throws(SettingFailure) -> Position? {
        if let place = json["position"] {
            guard let latitude = place["latitudeE7"]?.signed,
                let longitude = place["longitudeE7"]?.signed,
                let place = Place(latitudeE7: latitude, longitudeE7: longitude)
            else { throw SettingFailure(member: "position") }
            return .fixed(place)
        }
        guard let file = json["positionFile"] else { return nil }
        guard let path = file.text, !path.isEmpty else {
            throw SettingFailure(member: "positionFile")
        }
        guard let seconds = json["positionSeconds"] else {
            return .file(path, secondsMax: positionSecondsUsual)
        }
        guard let count = seconds.signed, (1...86_400).contains(count) else {
            throw SettingFailure(member: "positionSeconds")
        }
        return .file(path, secondsMax: count)
    }
}

/// A member of a settings file that is missing or has another form.
struct SettingFailure: Error, Hashable {
    let member: String
}
