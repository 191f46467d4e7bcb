#include "adapters/decision_links/door.hpp"

#include <algorithm>

#include "adapters/decision_links/form.hpp"
#include "decide/foreign_text.hpp"
#include "decide/outcome_text.hpp"
#include "decide/people.hpp"

namespace garita::decision_links {

namespace {

namespace http = runtime::http;
using Kind = decide::AnswerOutcome::Kind;

constexpr std::string_view pattern = "/decide/{token}";
constexpr std::size_t longest_body = 4096;

bool is_form(const http::Request& request) {
    const auto type = request.headers.find("Content-Type").value_or("");
    return type.substr(0, type.find(';')) == "application/x-www-form-urlencoded";
}

/// Browsers say so themselves; other programs say nothing. Our own form has the origin "null", since the page
/// allows no Referer, so that says nothing either.
bool comes_from_elsewhere(const http::Request& request, std::string_view own) {
    const auto site = request.headers.find("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none") return true;
    const auto origin = request.headers.find("Origin");
    return origin && *origin != "null" && *origin != own;
}

/// Behind a proxy on the same machine nobody knows where the person sits.
std::optional<IpAddress> sits_at(const http::Request& request) {
    const auto address = IpAddress::parse(request.peer.address);
    const auto loopback = IpNetwork::parse(address && address->is_v4() ? "127.0.0.0/8" : "::1/128");
    return address && !loopback->contains(*address) ? address : std::nullopt;
}

int status_of(Kind kind) {
    return kind == Kind::accepted || kind == Kind::proposed ? 200 : 409;
}

}  // namespace

void Door::add_to(http::Router& router) {
    router.add(http::Method::get, std::string(pattern),
               [this](const http::Request& request) { return look(request); });
    router.add(
        http::Method::post, std::string(pattern),
        [this](const http::Request& request) { return press(request); }, longest_body);
}

decide::Reader Door::reader_of(const Holder& holder) const {
    return {parts_.texts, *holder.zone, holder.language};
}

tl::expected<Links::Link, http::Response> Door::link_of(const http::Request& request) {
    const Time now = parts_.clock();
    auto link = parts_.links.read(request.parameters.find("token").value_or(""));
    if (link && now < link->until) return *link;
    // one that was ours is no guess, but shows no more than any other
    const auto wait = link ? std::nullopt : guesses_.take("whoever guesses", 1, now);
    if (wait) return tl::unexpected(http::too_many("too many links that are none", *wait));
    const decide::Reader reader{parts_.texts, *parts_.zone, parts_.language};
    Page page;
    page.status = 404;
    page.notice = reader.text("link.unknown");
    return tl::unexpected(to_response(page, reader));
}

Result<std::optional<Door::Seen>> Door::read_case(CaseId id) {
    std::optional<Seen> seen;
    const auto read = parts_.store.read([&](store::View& view) -> Result<void> {
        seen.reset();
        if (auto about = view.find_case(id)) seen = {std::move(*about), view.progress(id)};
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return seen;
}

std::vector<Response> Door::answers_of(const Case& about, const Person& person) const {
    std::vector<Response> answers;
    for (const auto response : about.responses)
        if (person.role >= role_needed(response, danger_of(response, about.address, parts_.wide)))
            answers.push_back(response);
    return answers;
}

http::Response Door::show(const Links::Link& link, int status, std::string notice) {
    const auto reader = reader_of(*link.holder);
    Page page;
    page.status = status;
    page.notice = std::move(notice);
    const auto seen = read_case(link.about);
    if (!seen || !*seen) {
        page.status = seen ? 404 : 503;
        page.notice = reader.text(seen ? "link.unknown" : "telegram.not_stored");
        return to_response(page, reader);
    }
    page.about = &(*seen)->about;
    page.progress = (*seen)->progress;
    if (is_fresh(link, *page.about)) {
        page.asking = Asking{answers_of(*page.about, link.holder->person)};
        if (page.asking->responses.empty()) page.asking.reset();
        page.small_print =
            reader.text("link.small_print", {{"who", decide::clean_line(link.holder->person.name, 64)},
                                             {"time", reader.time(end_of(link.until, *page.about))}});
    } else {
        page.small_print = reader.text("link.spent");
    }
    return to_response(page, reader);
}

http::Response Door::ask_code(const Links::Link& link, Response response, const std::string& comment,
                              int status, std::string notice) {
    const auto reader = reader_of(*link.holder);
    Page page;
    page.status = status;
    page.notice = std::move(notice);
    page.asking = Asking{{response}, true, comment};
    return to_response(page, reader);
}

http::Response Door::look(const http::Request& request) {
    const auto link = link_of(request);
    return link ? show(*link, 200, {}) : link.error();
}

http::Response Door::press(const http::Request& request) {
    const auto link = link_of(request);
    if (!link) return link.error();
    const auto reader = reader_of(*link->holder);
    const auto form = is_form(request) ? read_form(request.body) : std::nullopt;
    if (!form || comes_from_elsewhere(request, parts_.links.origin()))
        return show(*link, 400, reader.text("link.bad_form"));
    const Time now = parts_.clock();
    const auto seen = read_case(link->about);
    if (!seen || !*seen || !is_fresh(*link, (*seen)->about)) return show(*link, 410, {});
    decide::AnswerRequest answer;
    answer.case_id = link->about;
    answer.response = form->response;
    answer.by = decide::actor_of(link->holder->person, channel_name);
    answer.comment = form->comment;
    answer.connected_at = request.peer.connected_at;
    answer.code = form->code;
    answer.from = sits_at(request);
    answer.link = decide::UsedLink{link->decision, link->holder->address};
    const auto outcome = parts_.answering.answer_or_refuse(answer, now);
    if (!outcome) {
        const auto text = decide::refused_text(outcome.error(), reader);
        if (text.empty())
            parts_.log.error("an answer could not be stored",
                             {{"case", answer.case_id.value}, {"error", outcome.error().error.text}});
        auto notice = text.empty() ? reader.text("telegram.not_stored") : text;
        const int status = text.empty() ? 503 : 403;
        return form->code.empty() ? show(*link, status, std::move(notice))
                                  : ask_code(*link, form->response, form->comment, status, std::move(notice));
    }
    if (outcome->kind == Kind::code_wanted)
        return ask_code(*link, form->response, form->comment, 200, reader.text("link.code_wanted"));
    return show(*link, status_of(outcome->kind), decide::outcome_text(*outcome, form->response, reader));
}

}  // namespace garita::decision_links
