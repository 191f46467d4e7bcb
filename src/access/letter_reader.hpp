#pragma once
// What the reception needs to know about a letter's bytes. Everything in a letter is hostile: an
// implementation reads in bounded time and memory and refuses what is not plainly readable.

#include <string>
#include <string_view>

#include "access/letter.hpp"
#include "access/proof.hpp"
#include "model/person.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::access {

class LetterReader {
  public:
    LetterReader() = default;
    LetterReader(const LetterReader&) = delete;
    LetterReader& operator=(const LetterReader&) = delete;
    virtual ~LetterReader() = default;

    /// Errors: invalid, with the reason.
    [[nodiscard]] virtual Result<Letter> read(std::string_view raw) = 0;
    /// The writer's own words in what a person's key signed (Proof::signed_part). Errors: invalid.
    [[nodiscard]] virtual Result<std::string> own_words_of(std::string_view signed_part) = 0;
};

class ProofReader {
  public:
    ProofReader() = default;
    ProofReader(const ProofReader&) = delete;
    ProofReader& operator=(const ProofReader&) = delete;
    virtual ~ProofReader() = default;

    /// That the letter is this person's, to whom its sender's address belongs: the strongest proof that the
    /// settings allow. Errors: forbidden (it proves nothing, with the reason), unavailable (it cannot be told
    /// now: ask again later).
    [[nodiscard]] virtual Result<Proof> prove(std::string_view raw, const Letter& letter,
                                              const Person& person, Time now) = 0;
};

}  // namespace garita::access
