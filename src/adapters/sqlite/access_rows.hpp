#pragma once
// Requests for access, what belongs to them, and letters, from their rows.

#include <string>

#include "adapters/sqlite/rows.hpp"
#include "model/access_request.hpp"
#include "model/queued_letter.hpp"

namespace garita::sqlite {

extern const std::string select_request;  ///< FROM access_requests WHERE
extern const std::string select_line;     ///< FROM access_log WHERE
extern const std::string select_survey;   ///< FROM access_surveys WHERE
extern const std::string select_letter;   ///< FROM queued_letters WHERE

void read_row(const Statement& row, AccessRequest& request);
void read_row(const Statement& row, AccessLine& line);
void read_row(const Statement& row, AccessSurvey& survey);
void read_row(const Statement& row, QueuedLetter& letter);

}  // namespace garita::sqlite
