/* Jansson's own header, under the names that it has here. */
#ifndef WIO_JSON_H
#define WIO_JSON_H

#include "names.h"

#include "../wasyncio.h"
#include "jansson/jansson.h"

#endif
