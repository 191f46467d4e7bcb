#pragma once
// Messages in a stream of syslog over TCP or TLS (RFC 6587, RFC 5425): counted ("57 <186>…"), or ended by a
// line feed; each message may be either. No input or output of its own.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace garita::syslog {

class Framing {
  public:
    /// Whole messages, one call each; valid during the call.
    using Sink = std::function<void(std::string_view)>;
    enum class State {
        going_on,
        broken,  ///< a count beyond all sense: nothing after it can be told apart, end the connection
    };
    /// More than that in a count is no message any more.
    static constexpr std::size_t largest_count = 65536;

    /// Longer messages are cut to `longest` (16 at least). At most longest + 8 bytes are kept between two
    /// calls.
    explicit Framing(std::size_t longest) : longest_(std::max(longest, std::size_t{16})) {}

    State feed(std::string_view bytes, const Sink& sink);
    /// The stream has ended: a line without its end is a message too, a counted one that lacks bytes is none.
    void end(const Sink& sink);

    [[nodiscard]] std::uint64_t cut() const { return cut_; }  ///< messages that were longer
    [[nodiscard]] std::size_t kept() const { return pending_.size(); }

  private:
    struct Piece {
        enum class Kind { message, incomplete, broken } kind = Kind::incomplete;
        std::string_view message;
        std::size_t used = 0;
    };
    [[nodiscard]] Piece next(std::string_view bytes);
    [[nodiscard]] Piece counted(std::string_view bytes, std::size_t count, std::size_t header);
    [[nodiscard]] Piece line(std::string_view bytes);
    void skip(std::string_view& bytes);
    /// Completes what is pending.
    [[nodiscard]] State join(std::string_view& bytes, const Sink& sink);

    std::size_t longest_;
    std::string pending_;
    std::size_t skip_bytes_ = 0;  ///< the rest of a counted message that was cut
    bool skip_line_ = false;      ///< the rest of a line that was cut
    std::uint64_t cut_ = 0;
};

}  // namespace garita::syslog
