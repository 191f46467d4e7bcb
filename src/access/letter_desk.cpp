#include "access/letter_desk.hpp"

#include <algorithm>
#include <exception>

#include "access/letter_wish.hpp"
#include "access/record.hpp"
#include "model/rights.hpp"

namespace garita::access {

namespace {

constexpr std::string_view pace_key = "access.notices";
constexpr std::string_view program_pace_key = "access.programs";
constexpr std::size_t longest_shown = std::size_t{4} << 10U;

/// A library that throws over a letter has found it unreadable.
template <typename Reading>
auto safely(Reading reading) -> decltype(reading()) {
    try {
        return reading();
    } catch (const store::StoreFailure&) {
        throw;
    } catch (const std::exception& e) {
        return fail(ErrorCode::invalid, std::string("reading it failed: ") + e.what());
    }
}

const Person* person_of(const std::vector<Person>& people, const std::string& mail) {
    const auto found = std::find_if(people.begin(), people.end(), [&](const Person& one) {
        return std::find(one.mail.begin(), one.mail.end(), mail) != one.mail.end();
    });
    return found == people.end() ? nullptr : &*found;
}

std::string shown(const Letter& letter) {
    return clean_lines("From: " + letter.from + "\nSubject: " + letter.subject + "\n\n" + letter.text,
                       longest_shown);
}

Petition petition_of(const Letter& letter, const Person& person, const Proof& proof) {
    Petition petition;
    petition.actor = {Actor::Kind::person, person.name, "mail", person.role};
    petition.mail = letter.from;
    petition.language = person.language;
    petition.proof = to_text(proof.kind);
    petition.letter = letter.id;
    petition.quoted = "From: " + letter.from + "\nSubject: " + letter.subject + "\nMessage-ID: " + letter.id +
                      "\n\n" + letter.text;
    return petition;
}

void add_refusal(store::Transaction& transaction, const std::string& detail, Time now) {
    const Actor desk{Actor::Kind::system, "access desk", "mail", Role::administrator};
    (void)transaction.add_audit({0, now, desk, "access_letter_refused", "access", detail});
}

}  // namespace

Result<LetterDesk::Taken> LetterDesk::take(const FetchedLetter& fetched, Time now) {
    const auto letter = safely([&] { return tools_.reader.read(fetched.raw); });
    if (!letter)
        return only_notice(fetched.key,
                           Notice{NoticeKind::broken,
                                  {},
                                  letter.error().text,
                                  clean_lines(fetched.raw.substr(0, longest_shown), longest_shown)},
                           now);
    // never acted upon and never answered, so that no two programs write to each other for ever
    if (letter->automatic) return pass_over(fetched.key, *letter, now);
    const auto* person = person_of(rules_.people, letter->from);
    if (person == nullptr)
        return only_notice(fetched.key, Notice{NoticeKind::outsider, letter->from, {}, shown(*letter)}, now);
    const auto proof = safely([&] { return tools_.prover.prove(fetched.raw, *letter, *person, now); });
    if (!proof) return unproven(fetched, *letter, *person, proof.error(), now);
    return take_proven(fetched, *letter, *person, *proof, now);
}

/// In the audit trail only: a letter about it might be answered by the same program.
Result<LetterDesk::Taken> LetterDesk::pass_over(const std::string& key, const Letter& letter, Time now) {
    const auto written = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        if (!tools_.book.use_up(transaction, "letter", key, now)) return {};
        auto pace = NoticePace::parse(transaction.value(program_pace_key).value_or(""));
        const bool record = pace.take(NoticeKind::outsider, letter.from, now);
        transaction.set_value(program_pace_key, pace.text());
        if (record)
            add_refusal(transaction,
                        "program " + letter.from + ": " + std::string(to_text(*letter.automatic)), now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return Taken::done;
}

Result<LetterDesk::Taken> LetterDesk::unproven(const FetchedLetter& fetched, const Letter& letter,
                                               const Person& person, const Error& error, Time now) {
    const bool may_come = error.code == ErrorCode::unavailable;
    if (may_come && now < fetched.first_seen + rules_.patience) return Taken::later;
    return only_notice(fetched.key,
                       Notice{may_come ? NoticeKind::late : NoticeKind::unproven, letter.from, error.text,
                              shown(letter), person, letter.id},
                       now);
}

Result<LetterDesk::Taken> LetterDesk::take_proven(const FetchedLetter& fetched, const Letter& letter,
                                                  const Person& person, const Proof& proof, Time now) {
    std::string words = letter.words.empty() ? letter.subject : letter.words;
    if (!proof.signed_part.empty()) {
        auto own = safely([&] { return tools_.reader.own_words_of(proof.signed_part); });
        if (!own)
            return only_notice(fetched.key,
                               Notice{NoticeKind::broken, letter.from, own.error().text, shown(letter)}, now);
        words = std::move(*own);
    } else if (proof.is_of_person()) {
        words = letter.words;
    }
    const auto written = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        if (!tools_.book.use_up(transaction, "letter", fetched.key, now)) return {};
        if (!tools_.book.use_up(transaction, "proof", proof.once, now)) {
            notice(transaction, {NoticeKind::replayed, letter.from, {}, shown(letter)}, now);
            return {};
        }
        return act(transaction, petition_of(letter, person, proof), proof, words, now);
    });
    if (!written) return tl::unexpected(written.error());
    return Taken::done;
}

Result<void> LetterDesk::act(store::Transaction& transaction, const Petition& petition, const Proof& proof,
                             std::string_view words, Time now) {
    auto& desk = tools_.desk;
    const auto wish = read_wish(words);
    const auto right = wish.kind == LetterWish::Kind::other ? Right::approve_access : Right::end_access;
    if (petition.actor.role < role_needed(right))
        notice(transaction,
               {NoticeKind::forbidden, petition.mail, {}, clean_lines(petition.quoted, longest_shown)}, now);
    Result<Answer> answer;
    if (wish.kind == LetterWish::Kind::kill)
        answer = desk.kill(transaction, petition, *wish.request, now);
    else if (wish.kind == LetterWish::Kind::report)
        answer = desk.report(transaction, petition, now);
    else if (wish.kind == LetterWish::Kind::unclear)
        answer = desk.refuse(transaction, petition, {Answer::Kind::refused, "access.answer.kill_unclear", {}},
                             now);
    else if (tools_.codes.stand_in(words) &&
             // an approval may hold what looks like a code: a serial number
             (desk.awaits_code(transaction, petition) || !the_one_mac(words)))
        answer = desk.confirm(transaction, petition, words, now);
    else {
        const bool by_code = rules_.code == LetterRules::Code::wanted && !proof.is_of_person();
        answer = desk.approve(transaction, petition, words,
                              by_code ? AccessDesk::Confirm::by_code : AccessDesk::Confirm::no, now);
    }
    return answer ? Result<void>{} : tl::unexpected(answer.error());
}

Result<LetterDesk::Taken> LetterDesk::only_notice(const std::string& key, const std::optional<Notice>& what,
                                                  Time now) {
    const auto written = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        if (tools_.book.use_up(transaction, "letter", key, now) && what) notice(transaction, *what, now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return Taken::done;
}

Result<void> LetterDesk::set_aside(const std::string& key, NoticeKind kind, const std::string& why,
                                   Time now) {
    const auto taken = only_notice(key, Notice{kind, {}, why, {}}, now);
    return taken ? Result<void>{} : tl::unexpected(taken.error());
}

void LetterDesk::notice(store::Transaction& transaction, const Notice& notice, Time now) {
    auto pace = NoticePace::parse(transaction.value(pace_key).value_or(""));
    const bool tell = pace.take(notice.kind, notice.sender, now);
    transaction.set_value(pace_key, pace.text());
    if (!tell) return;
    const std::string kind(to_text(notice.kind));
    const Facts facts{{"sender", notice.sender}, {"why", notice.why}};
    add_refusal(transaction,
                kind + (notice.sender.empty() ? "" : " " + notice.sender) +
                    (notice.why.empty() ? "" : ": " + notice.why),
                now);
    const auto* letter = notice.sender.empty() ? "access.set_aside" : "access.notice";
    tools_.letters.notify(transaction, "access notice",
                          {std::string(letter) + " access.notice." + kind, facts, notice.shown}, now);
    if (!notice.person) return;
    tools_.letters.answer(transaction, {notice.sender, notice.person->language, notice.letter},
                          "access notice", {"access.unproven access.notice." + kind, facts}, now);
}

Result<std::optional<Time>> LetterDesk::tell_counted(Time now) {
    std::optional<Time> next;
    const auto looked = tools_.store.read([&](store::View& view) -> Result<void> {
        next = NoticePace::parse(view.value(pace_key).value_or("")).next_due();
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (!next || *next > now) return next;
    const auto written = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto pace = NoticePace::parse(transaction.value(pace_key).value_or(""));
        const auto counted = pace.due(now);
        if (!counted) return {};
        transaction.set_value(pace_key, pace.text());
        tools_.letters.notify(
            transaction, "access notice",
            {"access.notices", {{"count", std::to_string(counted->letters)}}, counted->lines}, now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return std::optional<Time>{};
}

}  // namespace garita::access
