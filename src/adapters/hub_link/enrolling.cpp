#include "adapters/hub_link/enrolling.hpp"

#include "adapters/hub_link/enrolment_code.hpp"
#include "adapters/hub_link/enrolment_protocol.hpp"
#include "runtime/json/text.hpp"
#include "runtime/signing/signing_key.hpp"
#include "runtime/tls/client_key.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace tls = runtime::tls;
namespace {

constexpr std::chrono::seconds patience{15};

/// What the hub is told, and which of its keys it must have.
struct Spoken {
    EnrolRequest::Kind kind = EnrolRequest::Kind::pre_shared;
    runtime::Secret code;
    std::optional<tls::Fingerprint> pin;
};

Result<Spoken> spoken(const EnrolmentTask& task) {
    if (!looks_like_ticket(task.code.reveal())) {
        if (task.name.empty())
            return fail(ErrorCode::invalid, "a code of the configuration needs the agent's name beside it");
        return Spoken{EnrolRequest::Kind::pre_shared, task.code, task.pin};
    }
    auto ticket = parse_ticket(task.code.reveal());
    if (!ticket) return tl::unexpected(ticket.error());
    if (task.pin && *task.pin != ticket->hub)
        return fail(ErrorCode::forbidden, "the code is of a hub with another key (" + to_text(ticket->hub) +
                                              ") than agent.hub_pin names (" + to_text(*task.pin) + ")");
    return Spoken{EnrolRequest::Kind::one_time, ticket->secret, ticket->hub};
}

/// The key for this code, on disk before it is spoken of.
Result<runtime::Secret> pending_key(const std::filesystem::path& path, IdentityFile& file,
                                    const std::string& what_for) {
    if (file.pending && file.pending->what_for == what_for) return file.pending->key;
    auto key = tls::make_client_key();
    if (!key) return key;
    file.pending = PendingKey{what_for, *key};
    if (const auto saved = save_identity(path, file); !saved) return tl::unexpected(saved.error());
    return key;
}

std::string detail_of(const std::string& body) {
    const auto document = runtime::json::parse(body, "problem");
    if (document && document->is_object())
        if (const auto* const detail = document->get_object().if_contains("detail");
            detail != nullptr && detail->is_string())
            return std::string(detail->get_string()).substr(0, 600);
    return body.substr(0, 300);
}

}  // namespace

Error unexpected_status(const http::ClientResponse& response, std::string_view what) {
    const auto code = response.status == 401   ? ErrorCode::forbidden
                      : response.status == 429 ? ErrorCode::full
                      : response.status == 400 ? ErrorCode::invalid
                                               : ErrorCode::unavailable;
    return Error{code,
                 "the hub answered " + std::to_string(response.status) + " to " + std::string(what) + ": " +
                     detail_of(response.body),
                 Retry::later};
}

Result<http::ClientOptions> client_for(const EnrolmentTask& task) {
    const auto what = spoken(task);
    if (!what) return tl::unexpected(what.error());
    http::ClientOptions options;
    options.base_url = task.hub;
    options.pin = what->pin;
    options.user_agent = "garita-agent";
    options.timeout = patience;
    return options;
}

Result<Identity> enrol(const std::filesystem::path& path, const EnrolmentTask& task, http::Client& client) {
    const auto what = spoken(task);
    if (!what) return tl::unexpected(what.error());
    auto file = load_identity(path);
    if (!file) return tl::unexpected(file.error());
    const auto key = pending_key(path, *file, hash_of(what->code.reveal()));
    if (!key) return tl::unexpected(key.error());
    auto request = tls::make_certificate_request(*key, task.name);
    if (!request) return tl::unexpected(request.error());
    const auto response =
        client.send(http::Method::post, enrol_path, {{"Content-Type", "application/json"}},
                    encode(EnrolRequest{what->kind, what->code, task.name, std::move(*request)}));
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200) return tl::unexpected(unexpected_status(*response, "the enrolment"));
    auto answer = decode_enrol_answer(response->body);
    if (!answer) return tl::unexpected(answer.error());
    if (!task.name.empty() && answer->name != task.name)
        return fail(ErrorCode::forbidden, "the hub enrolled " + answer->name + " instead of " + task.name);
    if (const auto orders = runtime::VerifyingKey::parse(answer->order_key); !orders)
        return tl::unexpected(orders.error());
    Identity identity;
    identity.agent = answer->name;
    identity.hub_pin = what->pin ? to_text(*what->pin) : "";
    identity.order_key = answer->order_key;
    identity.authority = answer->authority;
    identity.current = {std::move(answer->certificate), *key, answer->issued_at, answer->expires_at};
    if (const auto saved = save_identity(path, {identity, std::nullopt}); !saved)
        return tl::unexpected(saved.error());
    return identity;
}

}  // namespace garita::hub_link
