#include "access/desk.hpp"

#include <algorithm>

#include "access/record.hpp"
#include "model/rights.hpp"

namespace garita::access {

namespace {

constexpr std::size_t longest_quote = std::size_t{16} << 10U;

Answer mac_answer(const MacRefusal& refusal) {
    Answer answer{Answer::Kind::refused, "access.answer.mac_" + std::string(to_text(refusal.reason)), {}};
    std::string named;
    constexpr std::size_t most_named = 10;
    for (std::size_t i = 0; i < std::min(refusal.named.size(), most_named); ++i)
        named += (i == 0 ? "" : ", ") + refusal.named[i].text();
    if (refusal.named.size() > most_named) named += ", …";
    answer.facts = {{"macs", named}, {"count", std::to_string(refusal.named.size())}};
    return answer;
}

AccessRequest request_of(const Petition& petition, const MacAddress& mac, const DeskSettings& settings,
                         Time now) {
    AccessRequest request;
    request.mac = mac;
    request.approver = petition.actor.name;
    request.channel = petition.actor.channel;
    request.proof = petition.proof;
    request.reply_to = petition.mail;
    request.letter = petition.letter;
    request.dry_run = settings.dry_run == DryRun::yes || petition.dry_run == DryRun::yes;
    request.created_at = now;
    return request;
}

bool is_randomised(const MacAddress& mac) {
    constexpr unsigned locally_administered = 2;
    return (mac.bytes[0] & locally_administered) != 0;
}

}  // namespace

Result<Answer> AccessDesk::in_one(const Part& part) {
    Answer answer;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        auto made = part(transaction);
        if (!made) return tl::unexpected(made.error());
        answer = std::move(*made);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return answer;
}

Result<Answer> AccessDesk::approve(const Petition& petition, std::string_view text, Confirm confirm,
                                   Time now) {
    return in_one(
        [&](store::Transaction& transaction) { return approve(transaction, petition, text, confirm, now); });
}

Result<Answer> AccessDesk::approve(store::Transaction& transaction, const Petition& petition,
                                   std::string_view text, Confirm confirm, Time now) {
    if (petition.actor.role < role_needed(Right::approve_access))
        return refuse(transaction, petition, {Answer::Kind::forbidden, "access.answer.not_approver", {}},
                      now);
    const auto mac = the_one_mac(text);
    if (!mac) return refuse(transaction, petition, mac_answer(mac.error()), now);
    if (auto open = book_.open_request(transaction, mac->address))
        return join(transaction, petition, std::move(*open), confirm, now);
    if (const auto full = no_room(transaction, petition, confirm))
        return refuse(transaction, petition, *full, now);
    return begin(transaction, petition, *mac, confirm, now);
}

std::optional<Answer> AccessDesk::no_room(store::View& view, const Petition& petition,
                                          Confirm confirm) const {
    if (book_.open_count(view) >= settings_.most_open)
        return Answer{Answer::Kind::refused,
                      "access.answer.too_many",
                      {{"count", std::to_string(settings_.most_open)}}};
    if (confirm == Confirm::no) return std::nullopt;
    const auto open = book_.open_requests(view);
    // whoever forges letters in a person's name shall not fill that person's mailbox with codes
    const auto unconfirmed = std::count_if(open.begin(), open.end(), [&](const AccessRequest& one) {
        return one.state == AccessState::confirming && one.approver == petition.actor.name;
    });
    if (static_cast<std::size_t>(unconfirmed) < settings_.most_unconfirmed) return std::nullopt;
    return Answer{Answer::Kind::refused,
                  "access.answer.too_many_unconfirmed",
                  {{"count", std::to_string(settings_.most_unconfirmed)}}};
}

Result<Time> AccessDesk::deadline_from(Time now) const {
    if (const auto at = settings_.hours.after(now, settings_.deadline)) return *at;
    return fail(ErrorCode::invalid,
                "the working hours leave no time for a device to appear within five years; look at "
                "access.hours and access.deadline");
}

Result<Answer> AccessDesk::begin(store::Transaction& transaction, const Petition& petition,
                                 const ApprovedMac& mac, Confirm confirm, Time now) {
    const auto deadline = deadline_from(now);
    if (!deadline) return tl::unexpected(deadline.error());
    auto request = request_of(petition, mac.address, settings_, now);
    request.deadline = *deadline;
    request.id = book_.insert(transaction, request);
    if (!petition.quoted.empty())
        log(transaction, request.id, AccessLine::Kind::letter, clean_lines(petition.quoted, longest_quote),
            now);
    return confirm == Confirm::by_code ? want_code(transaction, petition, std::move(request), now)
                                       : accept(transaction, petition, std::move(request), now);
}

Result<Answer> AccessDesk::want_code(store::Transaction& transaction, const Petition& petition,
                                     AccessRequest request, Time now) {
    if (petition.mail.empty())
        return fail(ErrorCode::invalid, "a code was to be mailed to " + petition.actor.name +
                                            ", who has no address; give one in people.*.mail");
    const auto fresh = codes_.make(request.tracking(), petition.mail, now, settings_.code_life);
    request.code_digest = fresh.kept.digest;
    request.code_expires = fresh.kept.expires;
    request.code_wrong = 0;
    if (!book_.update(transaction, request))
        return fail(ErrorCode::conflict, request.tracking() + " was changed meanwhile", Retry::later);
    log(transaction, request.id, AccessLine::Kind::note,
        "a confirmation code goes to " + petition.mail + ", as asked by " + petition.actor.text(), now);
    record(transaction, petition, "access_asked", request, "by " + petition.proof + ", a code was mailed",
           now);
    auto facts = letters_.facts_of(request);
    facts.insert_or_assign("until", letters_.time_text(fresh.kept.expires));
    Answer answer{Answer::Kind::done, "access.answer.code_sent", facts, request.id};
    answer.facts.insert_or_assign("mail", petition.mail);
    facts.insert_or_assign("code", fresh.code);
    letters_.answer(
        transaction, {petition.mail, petition.language, petition.letter}, object_of(request),
        {is_randomised(request.mac) ? "access.confirm access.warn.randomised" : "access.confirm", facts},
        now);
    return answer;
}

Result<Answer> AccessDesk::accept(store::Transaction& transaction, const Petition& petition,
                                  AccessRequest request, Time now) {
    const auto deadline = deadline_from(now);
    if (!deadline) return tl::unexpected(deadline.error());
    request.state = AccessState::waiting;
    request.deadline = *deadline;
    request.code_digest.clear();
    request.code_expires.reset();
    if (!book_.update(transaction, request))
        return fail(ErrorCode::conflict, request.tracking() + " was changed meanwhile", Retry::later);
    for (const auto& name : settings_.switches)
        book_.put_survey(transaction, {request.id, name, {}, {}, {}});
    const auto proof = request.proof.empty() ? std::string() : ", proof: " + request.proof;
    log(transaction, request.id, AccessLine::Kind::note,
        "approved by " + petition.actor.text() + proof + (request.dry_run ? ", dry run" : "") +
            "; waiting for the device until " + letters_.time_text(request.deadline),
        now);
    record(transaction, petition, "access_approved", request,
           request.mac.text() + proof + (request.dry_run ? ", dry run" : ""), now);
    Answer answer{Answer::Kind::done, "access.answer.accepted", letters_.facts_of(request), request.id};
    std::string letter = request.dry_run ? "access.accepted access.warn.dry_run" : "access.accepted";
    if (request.dry_run) answer.words += " access.warn.dry_run";
    if (is_randomised(request.mac)) {
        answer.words += " access.warn.randomised";
        letter += " access.warn.randomised";
    }
    letters_.tell(transaction, request, {letter, answer.facts}, now);
    return answer;
}

Result<Answer> AccessDesk::join(store::Transaction& transaction, const Petition& petition, AccessRequest open,
                                Confirm confirm, Time now) {
    if (!petition.quoted.empty())
        log(transaction, open.id, AccessLine::Kind::letter, clean_lines(petition.quoted, longest_quote), now);
    if (open.state == AccessState::confirming) {
        // nobody has confirmed it: whoever comes last may, so that a stranger's letter keeps nobody out
        const auto fresh = request_of(petition, open.mac, settings_, now);
        open.approver = fresh.approver;
        open.channel = fresh.channel;
        open.proof = fresh.proof;
        open.reply_to = fresh.reply_to;
        open.letter = fresh.letter;
        open.dry_run = fresh.dry_run;
        return confirm == Confirm::by_code ? want_code(transaction, petition, std::move(open), now)
                                           : accept(transaction, petition, std::move(open), now);
    }
    log(transaction, open.id, AccessLine::Kind::note, "approved again by " + petition.actor.text(), now);
    record(transaction, petition, "access_joined", open, open.mac.text(), now);
    Answer answer{Answer::Kind::done, "access.answer.joined", letters_.facts_of(open), open.id};
    answer_letter(transaction, petition, object_of(open), {"access.joined", answer.facts}, now);
    return answer;
}

void AccessDesk::log(store::Transaction& transaction, AccessId request, AccessLine::Kind kind,
                     std::string text, Time now) const {
    book_.add_line(transaction, {0, request, now, kind, {}, std::move(text)});
}

void AccessDesk::record(store::Transaction& transaction, const Petition& petition, std::string_view verb,
                        const AccessRequest& request, std::string detail, Time now) const {
    (void)transaction.add_audit(
        {0, now, petition.actor, std::string(verb), object_of(request), std::move(detail)});
}

void AccessDesk::answer_letter(store::Transaction& transaction, const Petition& petition,
                               std::string_view about, const LetterText& text, Time now) const {
    if (petition.actor.channel != "mail") return;
    letters_.answer(transaction, {petition.mail, petition.language, petition.letter}, about, text, now);
}

}  // namespace garita::access
