// SPDX-License-Identifier: Apache-2.0
internal import AdapterKit
internal import Diagnostics

/// The refusals of pushed batches.
enum PushFault {
    static let off = PushRefusal(
        .absent, code: "push.off", "Nothing may be pushed to this source, or not to this interface.",
        remedy: "Give an interface of its manifest a `push` block and its secret, then reload: "
            + "docs/how-to/push-records.md shows how.")
    static let whichInterface = PushRefusal(
        .invalid, code: "push.which_interface", "More than one interface of this source is pushed to.",
        remedy: "Name it: `?interface=NAME`.")
    static let unsigned = PushRefusal(
        .unproven, code: "push.unsigned", "The batch is not signed as this route asks.",
        remedy: "Send X-Licgate-Batch, X-Licgate-Timestamp (whole seconds), X-Licgate-Nonce (16 to 64 letters and "
            + "digits) and X-Licgate-Signature (64 hexadecimal digits).")
    static let badBatchID = PushRefusal(
        .invalid, code: "push.bad_batch_id", "The batch id is not 1 to 64 letters, digits, `.`, `-` and `_`.",
        remedy: "Choose such an id, for example a date and a number; never a person's number.")
    static let beforeStart = PushRefusal(
        .unproven, code: "push.signed_before_start",
        "The batch was signed before this gateway was started, so it may have been taken before.",
        remedy: "Sign it anew with the time as it is now; keep its batch id.")
    static let nonceUsed = PushRefusal(
        .unproven, code: "push.nonce_used", "This nonce was used before.",
        remedy: "Sign every attempt with a new nonce; keep the batch id.")
    static let badSignature = PushRefusal(
        .unproven, code: "push.bad_signature", "The signature is not one of this source over this batch.",
        consequence: "Nothing of it was read",
        remedy: "Compare the seven signed lines with the documentation: path with query, and the body's digest.")
    static let cutOff = PushRefusal(
        .invalid, code: "push.cut_off", "The body ended before its end.", remedy: "Send the batch again.")
    static let tooSlow = PushRefusal(
        .invalid, code: "push.too_slow",
        "The body took longer than \(PushDesk.receivingFor.components.seconds) s to come.",
        remedy: "Send smaller batches, signed anew.")
    static let noRoom = PushRefusal(
        .busy, code: "push.no_room", "The body could not be kept aside.",
        remedy: "The operator looks at the room and rights of `intake` in the configuration.")
    static let busy = PushRefusal(
        .busy, code: "push.busy", "Another batch of this source is being taken, or too many are sent at once.",
        remedy: "Send it again in a second, signed anew.")

    static func outsideWindow(_ seconds: Int64) -> PushRefusal {
        PushRefusal(
            .unproven, code: "push.outside_window",
            "The time of the signature lies more than \(seconds) s from the gateway's.",
            remedy: "Set the sender's clock right (NTP), and sign when sending.")
    }

    static func tooLarge(_ bytes: Int) -> PushRefusal {
        PushRefusal(
            .tooLarge, code: "push.too_large", "The body is larger than \(ByteCount(bytes).words).",
            remedy: "Send smaller batches, or raise `limits.response_bytes` in the manifest.")
    }

    static func differs(_ place: Place) -> PushRefusal {
        PushRefusal(
            .conflict, code: "push.batch_differs", "A batch of this id was taken already, with another body.",
            place: place, consequence: "Nothing was changed", remedy: "Send other content under another id.")
    }
}
