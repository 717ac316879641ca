/** Names of workers, models, tenants and requests, one type each. */
@NullMarked
package dev.reprise.identity;

import org.jspecify.annotations.NullMarked;
