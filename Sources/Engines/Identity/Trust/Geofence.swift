// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// A place on Earth in ten-millionths of a degree, eleven millimetres at most.
public struct Place: Hashable, Sendable {
    /// North of the equator: ±900,000,000.
    public let latitudeE7: Int64
    /// East of Greenwich: ±1,800,000,000.
    public let longitudeE7: Int64

    /// A place, or nothing off the globe.
    public init?(latitudeE7: Int64, longitudeE7: Int64) {
        guard (-900_000_000...900_000_000).contains(latitudeE7),
            (-1_800_000_000...1_800_000_000).contains(longitudeE7)
        else { return nil }
        self.latitudeE7 = latitudeE7
        self.longitudeE7 = longitudeE7
    }

    /// Reads `[latitude, longitude]`.
    init?(reading json: JSON) {
        guard let pair = json.elements, pair.count == 2, let latitude = pair[0].signed,
            let longitude = pair[1].signed
        else { return nil }
        self.init(latitudeE7: latitude, longitudeE7: longitude)
    }
}

/// An area whose corners are joined by straight lines of latitude and longitude (IDENTITY-19).
///
/// It does not cross the antimeridian; an area that does is two.
public struct Geofence: Hashable, Sendable {
    /// The fewest corners.
    public static let cornersMin = 3
    /// The most corners: a test walks all of them.
    public static let cornersMax = 256

    /// The corners in order, the last joined to the first.
    public let corners: [Place]

    /// An area, or nothing with too few corners or too many.
    public init?(corners: [Place]) {
        guard (Self.cornersMin...Self.cornersMax).contains(corners.count) else { return nil }
        self.corners = corners
    }

    /// Reads a list of corners.
    public init?(reading json: JSON) {
        guard let elements = json.elements, elements.count <= Self.cornersMax else { return nil }
        let corners = elements.compactMap(Place.init(reading:))
        guard corners.count == elements.count else { return nil }
        self.init(corners: corners)
    }

    /// Whether a place lies within, or on the line. Exact, in whole numbers.
    ///
    /// A ray to the east crosses the line an odd number of times from within. Of each edge the
    /// lower end counts and the upper does not, so a corner is crossed once.
    public func contains(_ place: Place) -> Bool {
        var isInside = false
        var previous = corners[corners.count - 1]
        for corner in corners {
            let side = Self.side(of: place, from: previous, to: corner)
            if side == 0, Self.isBetween(place, previous, corner) { return true }
            let rises = previous.latitudeE7 <= place.latitudeE7
            if rises != (corner.latitudeE7 <= place.latitudeE7), rises == (side > 0) {
                isInside.toggle()
            }
            previous = corner
        }
        return isInside
    }

    /// Twice the area of the triangle of three places: positive when the place lies to the left.
    ///
    /// Differences are below 2^32, products below 2^64: one bit more than 64 would hold.
    private static func side(of place: Place, from: Place, to: Place) -> Int128 {
        Int128(to.longitudeE7 - from.longitudeE7) * Int128(place.latitudeE7 - from.latitudeE7)
            - Int128(place.longitudeE7 - from.longitudeE7) * Int128(to.latitudeE7 - from.latitudeE7)
    }

    private static func isBetween(_ place: Place, _ one: Place, _ two: Place) -> Bool {
        (min(one.latitudeE7, two.latitudeE7)...max(one.latitudeE7, two.latitudeE7))
            .contains(place.latitudeE7)
            && (min(one.longitudeE7, two.longitudeE7)...max(one.longitudeE7, two.longitudeE7))
                .contains(place.longitudeE7)
    }
}
