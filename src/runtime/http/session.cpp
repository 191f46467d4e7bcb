#include "runtime/http/session.hpp"

#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace garita::runtime::http {
namespace asio = boost::asio;

namespace {

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

/// What is wrong with method or path, or how OPTIONS is answered where no route does.
Response without_route(const Router::Outcome& outcome, const Request& request) {
    if (request.method == Method::options && request.path == "*") {
        return Response{204, {}, {}, {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}};
    }
    if (std::holds_alternative<Router::NotFound>(outcome))
        return problem(404, "Not Found", "nothing has this path");
    const auto& allow = std::get<Router::MethodNotAllowed>(outcome).allow;
    Response response = request.method == Method::options
                            ? Response{204, {}, {}, {}}
                            : problem(405, "Method Not Allowed", "allowed: " + allow);
    response.headers.add("Allow", allow);
    return response;
}

}  // namespace

Session::Session(SessionWorld& world, Id id, int fd, ssl_ctx_st* context, Peer peer, CertificateHook hook)
    : world_(world),
      id_(id),
      peer_(std::move(peer)),
      hook_(std::move(hook)),
      connection_(world.io, fd, context),
      signal_(world.io),
      body_share_(world.body_bytes) {}

asio::awaitable<void> Session::live() {
    const bool ready = co_await shake_hands();
    bool more = ready;
    while (more && !world_.stopping) {
        const bool keep = co_await serve_one();
        more = keep;
    }
    connection_.close();
}

/// One request and its answer. False ends the connection.
asio::awaitable<bool> Session::serve_one() {
    RequestParser parser(world_.options.limits.header_bytes);
    const bool readable = co_await read_head(parser);
    if (!readable) co_return false;
    std::optional<Request> request;
    if (parser.refusal().status == 200) request = parser.take_request();
    if (!request) {
        const bool end = co_await send(parser.refusal(), Ending::drain_and_close);
        co_return end;
    }
    request_ = std::move(*request);
    request_.peer = peer_;

    auto outcome = world_.router.find(request_.method, request_.path);
    auto* const match = std::get_if<Router::Match>(&outcome);
    if (match == nullptr) {
        const Response refusal = without_route(outcome, request_);
        const bool close = parser.has_body() || !parser.keep_alive();
        const bool kept = co_await send(refusal, close ? Ending::drain_and_close : Ending::keep);
        co_return kept;
    }
    request_.parameters = std::move(match->parameters);
    const std::size_t limit = match->route->body_limit.value_or(world_.options.limits.body_bytes);
    const auto refusal = co_await read_body(parser, limit);
    if (!connection_.is_open()) co_return false;
    if (refusal) {
        const bool end = co_await send(*refusal, Ending::drain_and_close);
        co_return end;
    }
    request_.body = parser.take_body();
    request_.arrived = Clock::now();

    const auto response = co_await answer(*match->route);
    if (!response) co_return false;
    const bool keep = parser.keep_alive() && !world_.stopping;
    const bool kept = co_await send(*response, keep ? Ending::keep : Ending::close);
    co_return kept;
}

/// False: there is nobody to answer. A malformed head leaves its refusal in the parser.
asio::awaitable<bool> Session::read_head(RequestParser& parser) {
    const auto& limits = world_.options.limits;
    phase_ = Phase::idle;
    connection_.deadline = Clock::now() + (fresh_ ? limits.header_read : limits.keep_alive);
    if (input_.empty()) {
        input_.shrink_to_fit();
        const bool first = co_await read_more();
        if (!first) co_return false;
    }
    fresh_ = false;
    phase_ = Phase::reading;
    connection_.deadline = Clock::now() + limits.header_read;
    auto progress = parser.read_head(input_);
    while (progress == RequestParser::Progress::more) {
        const bool more = co_await read_more();
        if (!more) co_return false;
        progress = parser.read_head(input_);
    }
    co_return true;
}

/// A refusal, or nothing when the body is complete or the connection has ended.
asio::awaitable<std::optional<Response>> Session::read_body(RequestParser& parser, std::size_t limit) {
    connection_.deadline = Clock::now() + world_.options.limits.body_read;
    if (parser.has_body()) body_share_.take(input_.size());
    auto progress = parser.read_body(input_, limit);
    if (progress == RequestParser::Progress::more && parser.expects_continue()) {
        const bool invited = co_await write_all(go_on);
        if (!invited) connection_.close();
    }
    while (progress == RequestParser::Progress::more) {
        const std::size_t before = input_.size();
        const bool more = co_await read_more();
        if (!more) {
            connection_.close();
            co_return std::nullopt;
        }
        body_share_.take(input_.size() - before);
        if (world_.body_bytes > world_.options.limits.all_bodies_bytes) {
            ++world_.refused;
            co_return problem(503, "Service Unavailable",
                              "too many large requests at one time; try again later");
        }
        progress = parser.read_body(input_, limit);
    }
    if (progress == RequestParser::Progress::failed) co_return parser.refusal();
    co_return std::nullopt;
}

/// Nothing when the peer hung up while its request was parked.
asio::awaitable<std::optional<Response>> Session::answer(const Route& route) {
    connection_.deadline = Clock::time_point::max();
    for (;;) {
        const auto seen = world_.topics.now();
        if (world_.stopping) request_.final_call = true;
        auto said = co_await call(route);
        if (auto* const response = std::get_if<Response>(&said)) co_return std::move(*response);
        if (request_.final_call) co_return Response{204, {}, {}, {}};
        const Park wanted = std::get<Park>(std::move(said));
        const Why why = co_await park(wanted, seen);
        if (why == Why::gone) co_return std::nullopt;
        request_.final_call = why == Why::time_over;
    }
}

asio::awaitable<Answer> Session::call(const Route& route) {
    phase_ = Phase::handling;
    answer_.reset();
    run_handler(route);
    while (!answer_)
        co_await wait_signal(Clock::time_point::max());
    co_return std::move(*answer_);
}

void Session::run_handler(const Route& route) {
    const auto taken = world_.pool.submit([self = shared_from_this(), &route]() mutable {
        Answer said;
        try {
            said = route.handler(self->request_);
        } catch (const std::exception& error) {
            self->world_.log(fmt::format("handler of {} {} failed: {}", to_text(route.method), route.pattern,
                                         error.what()));
            said = problem(500, "Internal Server Error", "the log of the server says more");
        } catch (...) {
            self->world_.log(fmt::format("handler of {} {} failed", to_text(route.method), route.pattern));
            said = problem(500, "Internal Server Error", "the log of the server says more");
        }
        // back to its thread together with the session, which may end there and nowhere else
        auto& io = self->world_.io;
        asio::post(io, [self = std::move(self), said = std::move(said)]() mutable {
            self->answer_ = std::move(said);
            self->signal_.cancel();
        });
    });
    if (taken == HandlerPool::Taken::no)
        answer_ = problem(503, "Service Unavailable", "the server is stopping");
}

asio::awaitable<Session::Why> Session::park(const Park& park, WakeTopics::Version seen) {
    if (world_.stopping || park.until <= Clock::now()) co_return Why::time_over;
    if (world_.topics.park(park.topic, seen, id_) == WakeTopics::Parking::woken_meanwhile)
        co_return Why::woken;
    phase_ = Phase::parked;
    why_ = Why::none;
    ++world_.parked;
    watch_for_hang_up();
    co_await wait_signal(park.until);
    connection_.forget_watch();
    --world_.parked;
    phase_ = Phase::handling;
    world_.topics.leave(park.topic, id_);
    if (!connection_.is_open()) co_return Why::gone;
    co_return why_ == Why::none ? Why::time_over : why_;
}

asio::awaitable<void> Session::wait_signal(Clock::time_point until) {
    signal_.expires_at(until);
    const auto result = co_await signal_.async_wait(quiet);
    static_cast<void>(result);
}

void Session::watch_for_hang_up() {
    suspect_ = false;
    connection_.watch([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self || self->phase_ != Phase::parked) return;
        self->suspect_ = true;
        self->notice_hang_up();
    });
}

/// Bytes alone (of a next request, or of TLS saying goodbye) are no reason to stop waiting.
void Session::notice_hang_up() {
    if (!connection_.hung_up()) return;
    why_ = Why::gone;
    signal_.cancel();
}

void Session::wake() {
    if (phase_ != Phase::parked || why_ == Why::gone) return;
    why_ = Why::woken;
    signal_.cancel();
}

void Session::inspect(Clock::time_point now) {
    if (phase_ == Phase::parked && suspect_) notice_hang_up();
    if (now < connection_.deadline || !connection_.is_open()) return;
    if (phase_ != Phase::idle || fresh_) ++world_.timed_out;
    connection_.close();
}

void Session::stop() {
    if (phase_ == Phase::idle || phase_ == Phase::reading) connection_.close();
    if (phase_ == Phase::parked) signal_.cancel();  // nothing woke it: the time is over
}

void Session::close() {
    connection_.close();
    if (phase_ == Phase::parked) signal_.cancel();
}

}  // namespace garita::runtime::http
