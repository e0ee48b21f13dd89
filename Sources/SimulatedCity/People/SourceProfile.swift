// SPDX-License-Identifier: Apache-2.0
import AdapterKit
import LicenceModel

/// Everything that is fixed about one simulated interface: its types, its words, its habits and how it is served.
///
/// A new system is one file in `Faces/` with its face and its profile, and a line in `SourceProfile.systems`.
struct SourceProfile: Sendable {
    let id: SourceID
    /// Stable for ever: seeds and ports depend on it.
    ///
    /// 1 to 99 for systems, 1001 to 1305 for provincial rows.
    let number: Int
    /// The interface that is pulled, or the first that is asked.
    let interface: String
    let types: [CityType]
    /// The source's words for a status, by the status they mean.
    let words: [(status: LicenceStatus, word: String)]
    /// A status the table of the source does not have.
    let strangeWord: String
    /// What the source calls its records, and what stands on their faces.
    let form: RecordForm
    /// True when the source's records carry a region code, of this many digits.
    var regionDigits: Int?
    /// True when the source states a trust grade.
    var graded = false
    /// In a register each inhabitant has one record of each type; records of the second type belong to this interface.
    var registerInterface: String?
    /// Records a page, as its owner has set it; 0 when it does not page.
    var pageSize = 0
    /// About how many records the real one holds, for `recordsScale`.
    var approximateRecords = 0
    /// When its owner switches it off.
    var downtime: DowntimeWindow?
    /// Requests a day it answers; nil: as many as come.
    var dailyQuota: Int?
    /// How it talks over HTTP; nil for a source that drops files.
    var face: (any SourceFace)?
    /// Who may ask.
    var access: any AccessRule = OpenDoor()
    /// True when it answers behind TLS and asks for a client certificate; see `CityTLS`.
    var mutualTLS = false
    /// How it drops files; nil for a source that is asked.
    var drop: (any SourceDrop)?
    /// What its manifest calls `${config:…}` beside `base_url` and `drop_folder`.
    var settings: [String: String] = [:]
    /// Secrets beside its key and its golden holders, from the seed: the end of a name, and the value.
    var furtherSecrets: @Sendable (_ seed: UInt64) -> [String: String] = { _ in [:] }
    /// Which way its golden questions ask.
    var goldenAsk = GoldenAsk.holder
    /// The kind of its golden holders.
    var goldenKind = HolderCodeKind.residentIdentityNumber
    /// Which answers it has golden questions for, beside `absent`.
    var goldenAnswers = ["valid", "expired", "revoked"]

    var register: Bool { registerInterface != nil }

    func word(_ status: LicenceStatus) -> String { words.first { $0.status == status }?.word ?? strangeWord }

    /// The 17 systems of the city, in the order of their ports.
    static let systems: [SourceProfile] = [
        DistrictLibraryFace.profile, TransportFace.profile, RealEstateFace.profile, HealthFace.profile,
        EducationDrop.profile, PlatformFace.profile, MarketRegulationFace.profile, HouseholdPoliceFace.profile,
        HumanResourcesFace.profile, CivilAffairsFace.profile, HousingFace.profile, ProvidentFundFace.profile,
        MedicalInsuranceFace.profile, YueluFace.profile, ChangshaCountyFace.profile, LiuyangDrop.profile,
        NingxiangFace.profile,
    ].sorted { $0.number < $1.number }

    static let all = systems
}

/// What a golden question asks by.
enum GoldenAsk: String, Sendable { case holder, number, identifier }

/// What a source calls its records, and what stands on their faces beside the standard's metadata.
struct RecordForm: Sendable {
    /// The parts of a record's key.
    let key: @Sendable (_ index: Int) -> [String]
    /// A licence number; its last run of nine digits or more ends in the index, so that it can be found again.
    let number: @Sendable (_ index: Int, _ year: Int, _ dice: inout Dice) -> String
    /// The authority's name at one of seven places.
    let authority: @Sendable (_ place: Int) -> String
    /// Further fields, by the source's own names.
    let faceFields: @Sendable (_ dice: inout Dice) -> [FaceField]
    /// The region at one of seven places, six digits; nil: any of the city's.
    var region: (@Sendable (_ place: Int) -> String)?
}
