#pragma once
// Between those who write letters and the post: whether one more may go now, who waits, and what an answer
// means for others. All writers share it, so that a refused login of one is no second try of another. One
// thread.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/mail/health.hpp"
#include "adapters/mail/letter.hpp"
#include "adapters/mail/post.hpp"
#include "runtime/log/log.hpp"

namespace garita::mail {

/// With waits of up to an hour, some two days and a half.
inline constexpr int most_attempts = 64;

class Courier {
  public:
    /// The post is used by nobody else.
    Courier(Post& post, Health& health, runtime::Log log)
        : post_(post), health_(health), log_(std::move(log)) {}

    enum class Writer : std::uint8_t { cases, letters };
    /// What is remembered of a recipient between steps; a restart may forget it.
    struct Lane {
        Time paused_until{};
        int failures = 0;
        Time last_begun{};
        bool busy = false;  ///< a letter is on its way: one at a time
    };

    [[nodiscard]] int wake_fd() const { return post_.wake_fd(); }
    /// Until when nobody gets letters, because of the server.
    [[nodiscard]] Time paused_until() const { return paused_until_; }
    /// For one more letter on its way. A server that failed is tried with one.
    [[nodiscard]] bool has_room() const {
        return under_way_.size() < (failures_in_a_row_ > 0 ? 1 : post_.capacity());
    }
    [[nodiscard]] const std::map<std::string, Lane>& lanes() const { return lanes_; }
    [[nodiscard]] bool is_free(const std::string& to, Time now) const;
    [[nodiscard]] Time last_begun(const std::string& to) const;

    /// Begins; returns the ticket.
    std::uint64_t send(Writer writer, const Letter& letter);
    /// What has come to an end of this writer's letters since the last call. Lanes are free again.
    [[nodiscard]] std::vector<Delivery> take_finished(Writer writer);

    /// Something is left for the other writer, which the post does not ring for any more.
    [[nodiscard]] bool has_finished() const;

    /// What is known now, and who waits: by the writer, of each delivery once.
    void taken(const std::string& to, Time now);
    void refused(const std::string& to, const std::string& why);
    /// Returns until when: the recipient, or with trouble of the server everybody.
    Time not_taken(const std::string& to, const Delivery& delivery, Time now);

  private:
    void report(const std::string& about, const std::string& text);

    Post& post_;
    Health& health_;
    runtime::Log log_;
    std::map<std::string, Lane> lanes_;
    struct OnItsWay {
        Writer writer = Writer::cases;
        std::string to;
    };
    std::map<std::uint64_t, OnItsWay> under_way_;
    std::map<Writer, std::vector<Delivery>> finished_;
    std::uint64_t last_ticket_ = 0;
    Time paused_until_{};
    int failures_in_a_row_ = 0;
};

}  // namespace garita::mail
