package dev.reprise.server;

import dev.reprise.openai.AnswerFormat;
import dev.reprise.openai.CommonFields;
import java.util.List;

/**
 * A validated request, ready to be generated.
 *
 * @param format how the endpoint writes answers
 * @param fields what the client asked for
 * @param choices at least one, those of one prompt in a row
 */
record GenerationJob(AnswerFormat format, CommonFields fields, List<PlannedChoice> choices) {}
