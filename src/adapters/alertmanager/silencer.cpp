#include "adapters/alertmanager/silencer.hpp"

#include <algorithm>
#include <utility>

#include <sodium.h>

#include "adapters/alertmanager/webhook.hpp"
#include "decide/deciding.hpp"
#include "detect/detector.hpp"

namespace garita::alertmanager {
namespace {

using runtime::http::Method;

constexpr std::size_t cases_in_one_look = 200;
constexpr Duration look_again = std::chrono::seconds{10};
constexpr std::string_view path = "/api/v2/silences";
constexpr std::size_t longest_trouble = 500;

std::string base64(std::string_view text) {
    std::string encoded(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), reinterpret_cast<const unsigned char*>(text.data()),
                      text.size(), sodium_base64_VARIANT_ORIGINAL);
    encoded.pop_back();  // its NUL
    return encoded;
}

runtime::http::Headers headers_for(const SilencerSettings& settings) {
    runtime::http::Headers headers{{"Content-Type", "application/json"}};
    if (!settings.token.empty())
        headers.add("Authorization", "Bearer " + std::string(settings.token.reveal()));
    else if (!settings.user.empty())
        headers.add("Authorization",
                    "Basic " + base64(settings.user + ":" + std::string(settings.password.reveal())));
    return headers;
}

Actor alertmanager_called(const std::string& name) {
    return {Actor::Kind::system, "alertmanager " + name, {}, Role::administrator};
}

/// Whether trying again may help.
bool is_passing(int status) {
    return status >= 500 || status == 429 || status == 401 || status == 403 || status == 404;
}

/// Cases that were answered with mute and are not silenced yet, with the source that they came from.
template <typename Visit>
void each_muted(store::View& view, Visit visit) {
    CaseId after;
    for (std::size_t found = cases_in_one_look; found == cases_in_one_look;) {
        const auto decided = view.decided_cases(after, cases_in_one_look);
        found = decided.size();
        for (const auto& about : decided) {
            after = about.id;
            const auto source = about.facts.find("source");
            if (about.kind != alert_kind || !about.decision || about.decision->response != Response::mute)
                continue;
            visit(about, source == about.facts.end() ? std::string() : source->second);
        }
    }
}

/// Of a case as it was read in this transaction.
void close(store::Transaction& transaction, Case about, const std::string& source,
           const Result<Silence>& outcome, Time now) {
    about.facts.erase("decision_failed");
    std::string told;
    if (outcome) {
        about.facts["silence"] = outcome->id;
        about.facts["silenced_until"] = to_iso8601(std::chrono::floor<std::chrono::seconds>(outcome->ends));
        told = "silence " + outcome->id + " until " + about.facts["silenced_until"];
    } else {
        told = detect::clean_fact(outcome.error().text, longest_trouble);
        about.facts["decision_failed"] = told;
    }
    about.state = CaseState::closed;
    about.updated_at = now;
    (void)transaction.update_case(about);  // nobody was faster
    (void)transaction.add_audit({0, now, alertmanager_called(source), outcome ? "silenced" : "silence_failed",
                                 decide::object_of(about.id), told});
    transaction.ring({store::Topic::cases, {}});
}

}  // namespace

Silencer::Silencer(SilencerSettings settings, store::Store& store)
    : settings_(std::move(settings)),
      name_("alertmanager " + settings_.name),
      store_(store),
      client_(settings_.server),
      headers_(headers_for(settings_)) {}

Result<std::vector<Case>> Silencer::waiting() {
    std::vector<Case> mine;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        mine.clear();
        each_muted(view, [&](const Case& about, const std::string& source) {
            if (source == settings_.name) mine.push_back(about);
        });
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return mine;
}

Result<std::string> Silencer::call(Method method, std::string_view body) {
    const auto answer = client_.send(method, path, headers_, body);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status == 200) return answer->body;
    return fail(is_passing(answer->status) ? ErrorCode::unavailable : ErrorCode::invalid,
                "Alertmanager '" + settings_.name + "' answered " + std::to_string(answer->status) + ": " +
                    detect::clean_fact(answer->body),
                is_passing(answer->status) ? Retry::later : Retry::no);
}

Result<Silence> Silencer::silence(const Case& about, Time now) {
    const auto ends = about.decision->at + about.decision->lasts.value_or(settings_.usual_span);
    const auto body = write_silence(about, now, ends);
    if (!body) return tl::unexpected(body.error());
    const auto list = call(Method::get, {});
    if (!list) {
        if (ends <= now)
            return fail(ErrorCode::invalid,
                        "its time was over before the silence could be made: " + list.error().text);
        return tl::unexpected(list.error());
    }
    const auto there = find_silence(*list, silence_mark(about));
    if (!there) return tl::unexpected(there.error());
    if (*there) return **there;
    if (ends <= now) return fail(ErrorCode::invalid, "its time was over before the silence could be made");
    const auto made = call(Method::post, *body);
    if (!made) return tl::unexpected(made.error());
    const auto id = read_silence_id(*made);
    if (!id) return tl::unexpected(id.error());
    return Silence{*id, ends};
}

Result<void> Silencer::note(CaseId id, const std::string& trouble, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        auto about = transaction.find_case(id);
        const auto text = detect::clean_fact(trouble, longest_trouble);
        if (!about || about->state != CaseState::decided || about->facts["decision_failed"] == text)
            return {};
        about->facts["decision_failed"] = text;
        about->updated_at = now;
        (void)transaction.update_case(*about);
        transaction.ring({store::Topic::cases, {}});
        return {};
    });
}

Result<Duration> Silencer::step(Time now) {
    const auto cases = waiting();
    if (!cases) return tl::unexpected(cases.error());
    for (const auto& about : *cases) {
        const auto outcome = silence(about, now);
        if (!outcome && outcome.error().retry == Retry::later) {
            if (const auto noted = note(about.id, outcome.error().text, now); !noted)
                return tl::unexpected(noted.error());
            return tl::unexpected(outcome.error());  // the runner waits longer and longer
        }
        const auto closed = store_.write([&](store::Transaction& transaction) -> Result<void> {
            auto current = transaction.find_case(about.id);
            if (current && current->state == CaseState::decided)
                close(transaction, *std::move(current), settings_.name, outcome, now);
            return {};
        });
        if (!closed) return tl::unexpected(closed.error());
    }
    return look_again;
}

Result<void> give_up_strays(store::Store& store, const std::vector<std::string>& sources, Time now) {
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        std::vector<std::pair<Case, std::string>> strays;
        each_muted(transaction, [&](const Case& about, const std::string& source) {
            if (std::find(sources.begin(), sources.end(), source) == sources.end())
                strays.emplace_back(about, source);
        });
        for (const auto& [about, source] : strays)
            close(transaction, about, source,
                  fail(ErrorCode::not_found,
                       "sources.alertmanager of the configuration has no '" + source + "' any more"),
                  now);
        return {};
    });
}

}  // namespace garita::alertmanager
