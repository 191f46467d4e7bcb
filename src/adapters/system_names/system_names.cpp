#include "adapters/system_names/system_names.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <string>
#include <thread>

#include <sys/socket.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::system_names {
namespace {

using Answer = scan::NameResolver::Answer;

struct Freed {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, Freed>;

Answer refused(int code, int system_error) {
    switch (code) {
        case EAI_NONAME:
        case EAI_NODATA:
        case EAI_ADDRFAMILY:
            return fail(
                ErrorCode::not_found,
                "the resolver knows no address of it; is the name right, and in the DNS or /etc/hosts?");
        case EAI_SYSTEM:
            return fail(ErrorCode::unavailable,
                        std::string("the resolver failed: ") + std::strerror(system_error), Retry::later);
        default:
            return fail(ErrorCode::unavailable,
                        std::string("the resolver says: ") + gai_strerror(code) +
                            "; are the servers in /etc/resolv.conf reachable?",
                        Retry::later);
    }
}

Answer ask(const std::string& name) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;  // each address once
    addrinfo* raw = nullptr;
    const int code = getaddrinfo(name.c_str(), nullptr, &hints, &raw);
    if (code != 0) return refused(code, errno);
    const AddressList list(raw);
    std::vector<IpAddress> addresses;
    for (const addrinfo* at = list.get(); at != nullptr; at = at->ai_next) {
        sockaddr_storage storage{};
        std::memcpy(&storage, at->ai_addr, std::min<std::size_t>(at->ai_addrlen, sizeof storage));
        const auto address = runtime::address_of(storage);
        if (address && std::find(addresses.begin(), addresses.end(), *address) == addresses.end())
            addresses.push_back(*address);
    }
    if (addresses.empty()) return refused(EAI_NODATA, 0);
    return addresses;
}

/// What the askers share with whoever waits for them, for as long as the last of them lives.
struct Question {
    explicit Question(const std::vector<std::string>& asked) : names(asked), answers(asked.size()) {}

    const std::vector<std::string> names;
    std::mutex mutex;
    std::condition_variable_any answered;
    std::size_t next = 0;
    std::size_t done = 0;
    bool given_up = false;
    std::vector<std::optional<Answer>> answers;
};

void ask_on(Question& question) {
    std::unique_lock lock(question.mutex);
    while (question.next < question.names.size() && !question.given_up) {
        const auto place = question.next++;
        lock.unlock();
        auto answer = ask(question.names[place]);
        lock.lock();
        question.answers[place] = std::move(answer);
        if (++question.done == question.names.size()) question.answered.notify_all();
    }
}

}  // namespace

std::vector<Answer> SystemNames::resolve(const std::vector<std::string>& names) {
    const auto question = std::make_shared<Question>(names);
    const auto askers = std::min<std::size_t>(names.size(), limits_.at_once);
    for (std::size_t i = 0; i < askers; ++i)
        std::thread([question] { ask_on(*question); }).detach();
    std::unique_lock lock(question->mutex);
    question->answered.wait_for(lock, stop_, limits_.whole, [&] { return question->done == names.size(); });
    question->given_up = true;
    std::vector<Answer> answers;
    for (auto& answer : question->answers)
        answers.push_back(answer ? std::move(*answer)
                                 : Answer(fail(ErrorCode::unavailable,
                                               "the resolver did not answer in time; are the servers in "
                                               "/etc/resolv.conf reachable?",
                                               Retry::later)));
    return answers;
}

}  // namespace garita::system_names
