#pragma once
// What is said in a session with a switch, collected for the logs of the requests that it is about.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "access/switch_driver.hpp"
#include "model/access_request.hpp"

namespace garita::access {

class SessionNotes final : public SessionLog {
  public:
    /// Of one request, between two takes; what is more is left out, and that is said.
    static constexpr std::size_t most_bytes = std::size_t{256} << 10U;

    SessionNotes(std::string place, std::function<Time()> clock)
        : place_(std::move(place)), clock_(std::move(clock)) {}

    /// Whose log it is from now on.
    void about(AccessId request) { request_ = request; }
    void sent(std::string_view line) override { add(AccessLine::Kind::sent, line); }
    void answered(std::string_view text) override { add(AccessLine::Kind::answered, text); }
    void noted(std::string_view what) override { add(AccessLine::Kind::note, what); }
    /// Everything since the last call.
    [[nodiscard]] std::vector<AccessLine> take();

  private:
    void add(AccessLine::Kind kind, std::string_view text);

    std::string place_;
    std::function<Time()> clock_;
    AccessId request_;
    std::size_t bytes_ = 0;
    std::vector<AccessLine> lines_;
};

}  // namespace garita::access
