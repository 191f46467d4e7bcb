// Access for new devices: requests with their logs, approving and ending them, and how the switches stand.

#include <limits>

#include "adapters/rest_api/access_json.hpp"
#include "adapters/rest_api/endpoint.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/writer.hpp"

namespace garita::rest_api {
namespace {

using access::Answer;

constexpr std::int64_t most_requests = 1000;
constexpr std::int64_t most_lines = 10'000;
constexpr std::size_t longest_key = 128;
/// A MAC address in any notation, perhaps with words around it.
constexpr json::TextRule mac_rule{256, json::TextRule::Content::name};

tl::unexpected<Error> nobody_let_in() {
    return fail(ErrorCode::not_found,
                "no new devices are let in: write `access` in the hub's file (docs/access.md), and reload "
                "the hub");
}

Result<AccessId> id_of(const http::Request& request) {
    const auto written = request.parameters.find("id").value_or("");
    if (const auto id = parse_tracking(written)) return *id;
    return fail(ErrorCode::not_found,
                "'" + std::string(written.substr(0, 64)) + "' is no tracking id; they look like A17");
}

Result<std::vector<AccessState>> states_of(const http::Request& request) {
    std::vector<AccessState> states;
    for (const auto text : request.query.all("state")) {
        if (text == "all") return std::vector<AccessState>{};
        const auto state = parse_access_state(text);
        if (state) states.push_back(*state);
        if (text == "open")
            states.insert(states.end(),
                          {AccessState::confirming, AccessState::waiting, AccessState::working});
        else if (!state)
            return fail(ErrorCode::invalid, "state '" + std::string(text.substr(0, 64)) +
                                                "' is not one of open, confirming, waiting, working, done, "
                                                "failed, killed, expired, all");
    }
    return states;
}

Result<store::AccessQuery> query_of(const http::Request& request) {
    store::AccessQuery query;
    auto states = states_of(request);
    if (!states) return tl::unexpected(states.error());
    query.states = std::move(*states);
    const auto mac = query_text(request, "mac");
    if (!mac.empty()) {
        const auto found = access::the_one_mac("MAC " + mac);
        if (!found) return fail(ErrorCode::invalid, "query parameter 'mac' must be one MAC address");
        query.mac = found->address;
    }
    query.switch_name = query_text(request, "switch");
    const auto before = query_number(request, "before", 0, std::numeric_limits<std::int64_t>::max());
    const auto limit = query_number(request, "limit", 100, most_requests);
    if (!before) return tl::unexpected(before.error());
    if (!limit) return tl::unexpected(limit.error());
    if (*before > 0) query.before = AccessId{*before};
    query.limit = static_cast<std::size_t>(*limit);
    return query;
}

Result<Reply> list_requests(const ApiParts& parts, const http::Request& request) {
    if (parts.access == nullptr) return nobody_let_in();
    const auto query = query_of(request);
    if (!query) return tl::unexpected(query.error());
    boost::json::array list;
    const auto seen = parts.store.read([&](store::View& view) -> Result<void> {
        list.clear();
        for (const auto& one : parts.access->book.requests(view, *query))
            list.push_back(access_json(one, parts.access->texts));
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, json::Writer().value("requests", std::move(list)).finish()};
}

/// The request with where else its device is let in, and its log from `after` on.
Result<Reply> show_request(const ApiParts& parts, const http::Request& request) {
    if (parts.access == nullptr) return nobody_let_in();
    const auto id = id_of(request);
    if (!id) return tl::unexpected(id.error());
    const auto after = query_number(request, "after", 0, std::numeric_limits<std::int64_t>::max());
    const auto limit = query_number(request, "limit", 1000, most_lines);
    if (!after) return tl::unexpected(after.error());
    if (!limit) return tl::unexpected(limit.error());
    Body body;
    const auto seen = parts.store.read([&](store::View& view) -> Result<void> {
        auto& book = parts.access->book;
        const auto found = book.find(view, *id);
        if (!found) return fail(ErrorCode::not_found, "there is no request A" + std::to_string(id->value));
        body = access_json(*found, parts.access->texts);
        const auto each = [](const auto& one) { return access_json(one); };
        auto& object = body.as_object();
        object["surveys"] = json::array_of(book.surveys(view, *id), each);
        object["log"] = json::array_of(book.log(view, *id, *after, static_cast<std::size_t>(*limit)), each);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, std::move(body)};
}

/// With where letters to this person go.
access::Petition petition_of(const ApiParts& parts, const Caller& caller) {
    access::Petition petition;
    petition.actor = caller.actor;
    if (caller.actor.kind != Actor::Kind::person) return petition;
    if (const auto person = parts.callers.people().by_name(caller.actor.name)) {
        if (!person->mail.empty()) petition.mail = person->mail.front();
        petition.language = person->language;
    }
    return petition;
}

/// Refusals are the API's errors; the desk has recorded them.
std::optional<Error> refusal_of(const Answer& answer, ErrorCode refused, const decide::Catalogue& texts) {
    const auto text = english(texts, answer.words, answer.facts);
    switch (answer.kind) {
        case Answer::Kind::done:
            return std::nullopt;
        case Answer::Kind::refused:
            return Error{refused, text, Retry::no};
        case Answer::Kind::not_found:
            return Error{ErrorCode::not_found, text, Retry::no};
        case Answer::Kind::forbidden:
            return Error{ErrorCode::forbidden, text, Retry::no};
    }
    return std::nullopt;
}

Body answer_json(store::View& view, const AccessParts& access, const Answer& answer) {
    json::Writer out;
    out.text("words", answer.words).text("text", english(access.texts, answer.words, answer.facts));
    if (answer.request)
        if (const auto request = access.book.find(view, *answer.request))
            out.value("request", access_json(*request, access.texts));
    return out.finish();
}

struct Approval {
    std::string mac;
    access::DryRun dry_run = access::DryRun::no;
};

Result<Approval> approval_of(const http::Request& request) {
    const auto document = json::parse(request.body, "the request");
    if (!document) return tl::unexpected(document.error());
    json::Reader in(*document, "");
    Approval approval;
    approval.mac = in.text("mac", mac_rule);
    if (in.flag_or("dry_run", false)) approval.dry_run = access::DryRun::yes;
    return in.finish(std::move(approval));
}

/// One transaction with what is kept for the same key sent again.
Result<Reply> approve(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    if (parts.access == nullptr) return nobody_let_in();
    const auto approval = approval_of(request);
    if (!approval) return tl::unexpected(approval.error());
    const std::string key(request.headers.find("Idempotency-Key").value_or(""));
    if (key.size() > longest_key) return fail(ErrorCode::invalid, "Idempotency-Key: at most 128 characters");
    const std::string scope = "access " + caller.account;
    auto petition = petition_of(parts, caller);
    petition.dry_run = approval->dry_run;
    const auto now = parts.clock();
    Answer answer;
    Body body;
    std::optional<std::string> saved;
    const auto written = parts.store.write([&](store::Transaction& transaction) -> Result<void> {
        if (!key.empty())
            if ((saved = transaction.saved_answer(scope, key))) return {};
        // said to be one: digits alone are no telephone number here
        auto made = parts.access->desk.approve(transaction, petition, "MAC " + approval->mac,
                                               access::AccessDesk::Confirm::no, now);
        if (!made) return tl::unexpected(made.error());
        answer = std::move(*made);
        body = answer_json(transaction, *parts.access, answer);
        if (!key.empty() && answer.kind == Answer::Kind::done)
            transaction.save_answer(scope, key, json::serialize(body), now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    if (saved) {
        auto again = json::parse(*saved, "the saved answer");
        if (!again) return tl::unexpected(again.error());
        return Reply{200, std::move(*again)};
    }
    if (auto refusal = refusal_of(answer, ErrorCode::invalid, parts.access->texts))
        return tl::unexpected(std::move(*refusal));
    return Reply{200, std::move(body)};
}

Result<Reply> kill(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    if (parts.access == nullptr) return nobody_let_in();
    const auto id = id_of(request);
    if (!id) return tl::unexpected(id.error());
    const auto answer = parts.access->desk.kill(petition_of(parts, caller), *id, parts.clock());
    if (!answer) return tl::unexpected(answer.error());
    if (auto refusal = refusal_of(*answer, ErrorCode::conflict, parts.access->texts))
        return tl::unexpected(std::move(*refusal));
    Body body;
    const auto seen = parts.store.read([&](store::View& view) -> Result<void> {
        body = answer_json(view, *parts.access, *answer);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return Reply{200, std::move(body)};
}

Result<Reply> tell_status(const ApiParts& parts) {
    if (parts.access == nullptr) return nobody_let_in();
    auto body = access_json(parts.access->monitor.standing());
    std::size_t open = 0;
    const auto seen = parts.store.read([&](store::View& view) -> Result<void> {
        open = parts.access->book.open_requests(view).size();
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    body.as_object()["open"] = static_cast<std::int64_t>(open);
    return Reply{200, std::move(body)};
}

Result<Reply> retry_switch(const ApiParts& parts, const http::Request& request, const Caller& caller) {
    if (parts.access == nullptr) return nobody_let_in();
    const std::string name(request.parameters.find("name").value_or(""));
    if (const auto tried = parts.access->monitor.retry(name); !tried) return tl::unexpected(tried.error());
    const auto now = parts.clock();
    const auto written = parts.store.write([&](store::Transaction& transaction) -> Result<void> {
        (void)transaction.add_audit({0, now, caller.actor, "access_retry", "switch " + name, ""});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return Reply{200, json::Writer().text("switch", name).finish()};
}

}  // namespace

void add_access_routes(http::Router& router, const ApiParts& parts) {
    using Handler = Result<Reply> (*)(const ApiParts&, const http::Request&, const Caller&);
    const auto add = [&](http::Method method, const char* path, Scope scope, Handler handler) {
        router.add(method, path,
                   guarded(parts.callers, scope,
                           [parts, handler](const http::Request& request, const Caller& caller) {
                               return handler(parts, request, caller);
                           }));
    };
    add(http::Method::get, "/api/v1/access/requests", Scope::access_read,
        [](const ApiParts& with, const http::Request& request, const Caller&) {
            return list_requests(with, request);
        });
    add(http::Method::get, "/api/v1/access/requests/{id}", Scope::access_read,
        [](const ApiParts& with, const http::Request& request, const Caller&) {
            return show_request(with, request);
        });
    add(http::Method::get, "/api/v1/access/status", Scope::access_read,
        [](const ApiParts& with, const http::Request&, const Caller&) { return tell_status(with); });
    add(http::Method::post, "/api/v1/access/requests", Scope::access_write, approve);
    add(http::Method::post, "/api/v1/access/requests/{id}/kill", Scope::access_write, kill);
    add(http::Method::post, "/api/v1/access/switches/{name}/retry", Scope::access_write, retry_switch);
}

}  // namespace garita::rest_api
