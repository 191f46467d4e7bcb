// The desk: codes that come back, the ends of requests, reports, refusals.

#include <algorithm>

#include "access/desk.hpp"
#include "access/record.hpp"
#include "model/rights.hpp"

namespace garita::access {

namespace {

constexpr std::size_t longest_report = std::size_t{1} << 20U;

ConfirmationCodes::Kept kept_of(const AccessRequest& request) {
    return {request.code_digest, request.code_expires.value_or(Time{}), request.code_wrong};
}

/// Those that wait for this person's code, oldest first.
std::vector<AccessRequest> unconfirmed(store::View& view, store::AccessBook& book, const Petition& petition) {
    auto requests = book.open_requests(view);
    std::erase_if(requests, [&](const AccessRequest& one) {
        return one.state != AccessState::confirming || one.reply_to != petition.mail ||
               one.approver != petition.actor.name;
    });
    return requests;
}

}  // namespace

bool AccessDesk::awaits_code(store::View& view, const Petition& petition) const {
    return !unconfirmed(view, book_, petition).empty();
}

Result<Answer> AccessDesk::confirm(store::Transaction& transaction, const Petition& petition,
                                   std::string_view text, Time now) {
    if (petition.actor.role < role_needed(Right::approve_access))
        return refuse(transaction, petition, {Answer::Kind::forbidden, "access.answer.not_approver", {}},
                      now);
    const auto requests = unconfirmed(transaction, book_, petition);
    for (auto request : requests) {
        auto kept = kept_of(request);
        const auto verdict = codes_.look(kept, text, request.tracking(), petition.mail, now);
        if (verdict == ConfirmationCodes::Verdict::expired) {
            (void)closer_.end(transaction, request, {AccessState::expired, "access.why.not_confirmed"}, now);
            return Answer{Answer::Kind::refused, "access.answer.code_expired", letters_.facts_of(request),
                          request.id};
        }
        if (verdict != ConfirmationCodes::Verdict::right) continue;
        request.proof += (request.proof.empty() ? "code" : "+code");
        return accept(transaction, petition, std::move(request), now);
    }
    if (requests.empty())
        return refuse(transaction, petition, {Answer::Kind::refused, "access.answer.code_unknown", {}}, now);
    // which of them was meant cannot be told: a wrong one counts for the newest
    return wrong_code(transaction, petition, requests.back(), now);
}

Result<Answer> AccessDesk::wrong_code(store::Transaction& transaction, const Petition& petition,
                                      AccessRequest request, Time now) {
    constexpr int most_wrong = 5;
    ++request.code_wrong;
    if (request.code_wrong >= most_wrong) {
        (void)closer_.end(transaction, request, {AccessState::failed, "access.why.codes_wrong"}, now);
        return Answer{Answer::Kind::refused, "access.answer.codes_wrong", letters_.facts_of(request),
                      request.id};
    }
    if (!book_.update(transaction, request))
        return fail(ErrorCode::conflict, request.tracking() + " was changed meanwhile", Retry::later);
    log(transaction, request.id, AccessLine::Kind::note,
        "a wrong code came from " + petition.mail + ", number " + std::to_string(request.code_wrong), now);
    Answer answer{Answer::Kind::refused, "access.answer.code_wrong", letters_.facts_of(request), request.id};
    answer.facts.insert_or_assign("left", std::to_string(most_wrong - request.code_wrong));
    return refuse(transaction, petition, std::move(answer), now);
}

Result<Answer> AccessDesk::kill(const Petition& petition, AccessId request, Time now) {
    return in_one([&](store::Transaction& transaction) { return kill(transaction, petition, request, now); });
}

Result<Answer> AccessDesk::kill(store::Transaction& transaction, const Petition& petition, AccessId id,
                                Time now) {
    if (petition.actor.role < role_needed(Right::end_access))
        return refuse(transaction, petition, {Answer::Kind::forbidden, "access.answer.not_operator", {}},
                      now);
    auto request = book_.find(transaction, id);
    if (!request)
        return refuse(transaction, petition,
                      {Answer::Kind::not_found,
                       "access.answer.no_such_request",
                       {{"id", "A" + std::to_string(id.value)}}},
                      now);
    const auto facts = letters_.facts_of(*request);
    if (!is_open(request->state))
        return refuse(
            transaction, petition,
            {Answer::Kind::refused, "access.answer.over_" + std::string(to_text(request->state)), facts, id},
            now);
    if (request->state == AccessState::working) return kill_working(transaction, petition, *request, now);
    Ending ending{AccessState::killed};
    ending.by = petition.actor;
    if (!closer_.end(transaction, *request, ending, now))
        return fail(ErrorCode::conflict, request->tracking() + " was changed meanwhile", Retry::later);
    if (!letters_.hears_of(*request, petition.mail)) {
        auto told = facts;
        told.insert_or_assign("who", petition.actor.text());
        answer_letter(transaction, petition, object_of(*request), {"access.killed", told}, now);
    }
    return Answer{Answer::Kind::done, "access.answer.killed", facts, id};
}

Result<Answer> AccessDesk::kill_working(store::Transaction& transaction, const Petition& petition,
                                        AccessRequest request, Time now) {
    const Answer answer{Answer::Kind::done, "access.answer.killing", letters_.facts_of(request), request.id};
    if (request.killed_by.empty()) {
        request.killed_by = petition.actor.text();
        if (!book_.update(transaction, request))
            return fail(ErrorCode::conflict, request.tracking() + " was changed meanwhile", Retry::later);
        log(transaction, request.id, AccessLine::Kind::note,
            "to be ended, by " + request.killed_by + ": what was begun at the port is taken back", now);
        record(transaction, petition, "access_kill", request, request.mac.text(), now);
    }
    answer_letter(transaction, petition, object_of(request), {"access.killing", answer.facts}, now);
    return answer;
}

Result<Answer> AccessDesk::report(const Petition& petition, Time now) {
    return in_one([&](store::Transaction& transaction) { return report(transaction, petition, now); });
}

Result<Answer> AccessDesk::report(store::Transaction& transaction, const Petition& petition, Time now) {
    if (petition.actor.role < role_needed(Right::end_access))
        return refuse(transaction, petition, {Answer::Kind::forbidden, "access.answer.not_operator", {}},
                      now);
    if (petition.mail.empty())
        return refuse(transaction, petition, {Answer::Kind::refused, "access.answer.no_address", {}}, now);
    const auto open = book_.open_requests(transaction);
    LetterText letter{open.empty() ? "access.report_none" : "access.report",
                      {{"count", std::to_string(open.size())}}};
    const auto each = open.empty() ? longest_report : longest_report / open.size();
    for (const auto& request : open)
        letter.appended += record_text(transaction, book_, request, letters_.clock(), each) + "\n\n";
    letters_.answer(transaction, {petition.mail, petition.language, petition.letter}, "access report", letter,
                    now);
    (void)transaction.add_audit({0, now, petition.actor, "access_report", "access",
                                 std::to_string(open.size()) + " open, to " + petition.mail});
    return Answer{Answer::Kind::done,
                  "access.answer.reported",
                  {{"mail", petition.mail}, {"count", std::to_string(open.size())}}};
}

Answer AccessDesk::refuse(store::Transaction& transaction, const Petition& petition, Answer answer,
                          Time now) const {
    const auto object = answer.request ? "access A" + std::to_string(answer.request->value) : "access";
    std::string detail = answer.words;
    for (const auto& name : {"macs", "id"})
        if (const auto fact = answer.facts.find(name); fact != answer.facts.end() && !fact->second.empty())
            detail += ' ' + fact->second;
    (void)transaction.add_audit({0, now, petition.actor, "access_refused", object, detail});
    answer_letter(transaction, petition, object, {"access.refused " + answer.words, answer.facts}, now);
    return answer;
}

}  // namespace garita::access
