/** Changes to a row that the server has not answered yet: they show over what it last said. */
export class Edits<Row extends object> {
  #pending = $state.raw<Partial<Row>[]>([]);

  /** The row as it is with all of them, so that the next choice builds on the last one. */
  over(row: Row): Row {
    return Object.assign({}, row, ...this.#pending);
  }

  /** Shows the fields until their answer is there, whatever it is. */
  async show(fields: Partial<Row>, answer: Promise<unknown>): Promise<void> {
    this.#pending = [...this.#pending, fields];
    await answer;
    this.#pending = this.#pending.filter((each) => each !== fields);
  }
}
