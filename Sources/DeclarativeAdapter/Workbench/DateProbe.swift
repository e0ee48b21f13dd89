// SPDX-License-Identifier: Apache-2.0
package import Diagnostics
package import LicenceModel

/// A date format of the manifest language, for whoever has to find out which one a value is written in.
package struct DateProbe: Sendable {
    private let format: DateFormat
    /// The format as a manifest writes it.
    package var text: String { format.source }

    /// Nil when the text is no date format.
    package init?(_ text: String) {
        guard let format = DateFormat(text) else { return nil }
        self.format = format
    }

    /// The day a value stands for; nil when it is not written so.
    package func day(_ value: String) -> CalendarDay? { format.day(value) }

    /// The moment a value stands for; nil when it is not written so.
    package func moment(_ value: String) -> Timestamp? { format.moment(value) }

    /// A moment written so.
    package func text(_ moment: Timestamp) -> String { format.text(moment) }
}
