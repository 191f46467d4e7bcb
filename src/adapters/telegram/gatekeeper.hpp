#pragma once
// Who may do what: a person is known by the Telegram id in the configuration, never by being in a chat.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/telegram/chat_book.hpp"
#include "decide/answering.hpp"
#include "decide/people.hpp"
#include "runtime/log/log.hpp"

namespace garita::telegram {

/// Turns presses and typed answers into decisions. One thread at a time.
class Gatekeeper {
  public:
    Gatekeeper(decide::Answering& answering, store::Store& store, const ChatBook& chats, Settings settings,
               Voice voice, runtime::Log log);

    /// Banned: nothing that comes from there has an effect or an answer.
    [[nodiscard]] bool is_unheard(const User& user, std::optional<std::int64_t> chat) const;
    /// Decides, durably, and returns what the person is told (at most 200 characters; empty: nothing).
    [[nodiscard]] std::string press(const Press& press, Time now);
    /// The same for an answer that was typed.
    [[nodiscard]] std::string typed(const TextMessage& message, CaseId about, Response response,
                                    std::optional<Duration> lasts, Time now);

    /// What somebody is told whom the people's list does not know; recorded.
    [[nodiscard]] std::string stranger(const TextMessage& message, const std::string& object, Time now);

    /// For the audit trail, once in a while for each person and object.
    void record_refusal(const User& user, const std::string& object, const std::string& why, Time now);

    /// The code to the answer that this person gave last and that takes one: from the private chat only.
    [[nodiscard]] std::string code(const TextMessage& message, std::string_view code, Time now);
    /// What is to be said to people in their private chats since the last call.
    struct Note {
        std::int64_t chat = 0;
        std::string text;
    };
    [[nodiscard]] std::vector<Note> take_notes() { return std::exchange(notes_, {}); }

    [[nodiscard]] std::optional<Person> find(const User& user) const;
    /// The person's language, or else the chat's.
    [[nodiscard]] decide::Reader reader_for(const std::optional<Person>& person,
                                            std::optional<std::int64_t> chat) const;
    /// Telegram's stand-ins for administrators that hide and for channels.
    [[nodiscard]] static bool is_nobody(const User& user);

  private:
    std::string decide(const Person& person, const decide::AnswerRequest& request,
                       const decide::Reader& reader, Time now);
    std::string ask_for_code(const Person& person, const decide::AnswerRequest& request,
                             const decide::Reader& reader, Time now);
    std::string unknown(const User& user, const std::string& object, const decide::Reader& reader, Time now);

    decide::Answering& answering_;
    store::Store& store_;
    const ChatBook& chats_;
    std::string hub_language_;
    decide::People people_;
    Voice voice_;
    runtime::Log log_;
    std::vector<Note> notes_;
    std::map<std::pair<std::int64_t, std::string>, Time>
        recorded_;  ///< refusals, so that presses fill no disk
};

}  // namespace garita::telegram
